// Only with --all: it takes seconds, and others meet what it tests
import { checksumOf, readSafetensors, writeSafetensors } from '@vogjs/formats';
import { normalTensor, randomOf, SEED, testBackends } from '@vogjs/testing';
import { selectBackend } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  allDetectors,
  calibrateThreshold,
  decideOod,
  type Detector,
  energy,
  fitDetectors,
  isOod,
  knn,
  loadDetectors,
  saveDetectors,
  scoreOod,
  vim,
} from '../index.js';
import { codedError, denseNetwork } from '../networks.test.helper.js';

const test = suite(`saved detectors and isOod (SEED=${SEED})`);
test.before.each(async () => void (await selectBackend('cpu')));

/** All that learn, and one that does not. */
const fitted = (): Detector[] => {
  const all = allDetectors.map((make) => (make === knn ? knn({ k: 5 }) : make()));
  return [...all.filter(({ fit }) => fit !== undefined), energy()];
};
const preprocessing = { mean: [0.5, 0.25], std: [0.2, 0.1], resize: 'bilinear' };

async function fitOf<Name extends string>(salt: number, detectors: readonly Detector<Name>[]) {
  const random = randomOf(salt);
  const model = denseNetwork(random);
  const fitSet = { inputs: normalTensor(random, [40, 6]), labels: Int32Array.from({ length: 40 }, (_, i) => i % 4) };
  return { model, random, fitted: await fitDetectors(model, fitSet, detectors, { preprocessing }) };
}

for (const backend of testBackends()) {
  test(`${backend}: loaded detectors give the same scores to the last bit, all or some of them`, async () => {
    await selectBackend(backend);
    const { model, random, fitted: made } = await fitOf(1, fitted());
    const examples = { inputs: normalTensor(random, [11, 6], 2) };
    const before = await scoreOod(model, examples, made);
    const bytes = saveDetectors(made);
    const loaded = loadDetectors(bytes, fitted(), { preprocessing: { ...preprocessing } });
    bytes.fill(0); // the caller's bytes are his own
    const after = await scoreOod(model, examples, loaded);
    for (const { name } of fitted()) assert.equal([...values(after[name]!)], [...values(before[name]!)], name);
    const some = loadDetectors(saveDetectors(loaded), [knn({ k: 5 })], { preprocessing });
    assert.equal([...values((await scoreOod(model, examples, some)).knn)], [...values(before['knn']!)]);
    model.dispose();
  });
}

const values = ({ values: each }: { values: ArrayLike<number> }): number[] => Array.from(each);

test('a copy of the model with the same weights is taken; other weights, or a function, are not', async () => {
  const { model, random, fitted: made } = await fitOf(2, [knn({ k: 3 })]);
  const loaded = loadDetectors(saveDetectors(made), [knn({ k: 3 })], { preprocessing });
  const examples = { inputs: normalTensor(random, [4, 6]) };
  const copy = denseNetwork(randomOf(3));
  await codedError(() => scoreOod(copy, examples, loaded), 'MODEL_MISMATCH', /weights/);
  copy.setWeights(model.getWeights());
  const scores = await scoreOod(copy, examples, loaded);
  assert.equal(values(scores.knn), values((await scoreOod(model, examples, made)).knn));
  await codedError(() => scoreOod((x) => x as tf.Tensor, examples, loaded), 'MODEL_MISMATCH', /function/);
  // One optimiser step is enough.
  model.compile({ optimizer: tf.train.sgd(1e-3), loss: 'categoricalCrossentropy' });
  await model.fit(normalTensor(random, [8, 6]), tf.oneHot(tf.range(0, 8, 1, 'int32'), 4), { verbose: 0 });
  await codedError(() => scoreOod(model, examples, made), 'MODEL_MISMATCH');
});

test('other detectors, options, preprocessing, a damaged or a foreign file are refused', async () => {
  const { model, fitted: made } = await fitOf(4, [knn({ k: 5 }), energy()]);
  const bytes = saveDetectors(made);
  const load = (detectors: readonly Detector[], options: object = { preprocessing }, from = bytes) =>
    loadDetectors(from, detectors, options);
  await codedError(() => load([knn({ k: 6 })]), 'STATE_MISMATCH', /variant/);
  await codedError(() => load([vim()]), 'STATE_MISMATCH', /knn, energy/);
  await codedError(() => load([knn({ k: 5 })], {}), 'MODEL_MISMATCH', /preprocessing/);
  const other = { ...preprocessing, mean: [0.5, 0.26] };
  await codedError(() => load([knn({ k: 5 })], { preprocessing: other }), 'MODEL_MISMATCH', /0\.26/);
  await codedError(() => load([knn({ k: 5 })], { preprocess: 1 }), 'ARGUMENT_INVALID');
  const reordered = { std: [0.2, 0.1], resize: 'bilinear', mean: [0.5, 0.25] };
  load([knn({ k: 5 })], { preprocessing: reordered });

  const flipped = bytes.slice();
  flipped[flipped.length - 2]! ^= 1;
  await codedError(() => load([energy()], { preprocessing }, flipped), 'STATE_INVALID', /checksum/);
  await codedError(() => load([energy()], { preprocessing }, bytes.slice(0, -3)), 'FORMAT_TRUNCATED');
  await codedError(() => load([energy()], { preprocessing }, writeSafetensors({})), 'STATE_INVALID');
  const { tensors, metadata } = readSafetensors(bytes);
  const newer = { ...(JSON.parse(metadata['vogjs.detectors']!) as object), version: 2 };
  const future = writeSafetensors(tensors, { 'vogjs.detectors': JSON.stringify(newer) });
  await codedError(() => load([energy()], { preprocessing }, future), 'STATE_VERSION');
  model.dispose();
});

test('isOod scores by the detector that the threshold names, and decides as decideOod does', async () => {
  const { model, random, fitted: made } = await fitOf(5, [energy(), knn({ k: 3 })]);
  const inside = await scoreOod(model, { inputs: normalTensor(random, [60, 6]) }, made);
  const examples = { inputs: normalTensor(random, [25, 6], 4) };
  const outside = await scoreOod(model, examples, made);
  for (const name of ['energy', 'knn'] as const) {
    const threshold = calibrateThreshold(inside[name], { tpr: 0.9 });
    const decisions = await isOod(model, examples, made, threshold);
    assert.equal(decisions, decideOod(threshold, outside[name]));
    for (const { score, isOod: decision } of decisions) assert.is(decision, score < threshold.threshold);
    assert.equal(
      await isOod(
        model,
        examples,
        loadDetectors(saveDetectors(made), [energy(), knn({ k: 3 })], { preprocessing }),
        threshold,
      ),
      decisions,
    );
  }
  const bare = calibrateThreshold(inside.energy.values);
  assert.equal(await isOod(model, examples, [energy()], bare), decideOod(bare, outside.energy));
  await codedError(() => isOod(model, examples, made, bare), 'STATE_MISMATCH', /bare numbers/);
  await codedError(() => isOod(model, examples, [energy()], calibrateThreshold(inside.knn)), 'STATE_MISMATCH', /knn/);
  await codedError(() => isOod(model, examples, made, { ...bare, threshold: Number.NaN }), 'STATE_INVALID');
  model.dispose();
});

test('a file that somebody made, with a right checksum and wrong contents, is STATE_INVALID', async () => {
  const { model, fitted: made } = await fitOf(6, [knn({ k: 5 })]);
  model.dispose();
  const { tensors, metadata } = readSafetensors(saveDetectors(made));
  const { checksum: _checksum, ...header } = JSON.parse(metadata['vogjs.detectors']!) as Record<string, unknown>;
  const crafted = (change: object, from: typeof tensors = tensors): Uint8Array => {
    const changed = { ...header, ...change };
    const text = JSON.stringify({ ...changed, checksum: checksumOf(changed, from) });
    return writeSafetensors(from, { 'vogjs.detectors': text });
  };
  const load = (bytes: Uint8Array) => loadDetectors(bytes, [knn({ k: 5 })], { preprocessing });
  load(crafted({}));
  const [name, tensor] = Object.entries(tensors)[0]!;
  const wide = { ...tensor, dtype: 'I64', data: new BigInt64Array(tensor.data.length) } as const;
  for (const bytes of [
    crafted({ detectors: null }),
    crafted({ detectors: [null] }),
    crafted({ detectors: [{ name: 'knn' }] }),
    crafted({ detectors: {} }),
    crafted({ modelFingerprint: 3 }),
    crafted({ preprocessing: undefined }),
    crafted({ version: 0.5 }),
    crafted({}, {}),
    crafted({}, { ...tensors, [name]: wide }),
    writeSafetensors(tensors, { 'vogjs.detectors': `{"version":1,"detectors":${'['.repeat(100_000)}` }),
    writeSafetensors(tensors, { 'vogjs.detectors': 'null' }),
  ]) {
    await codedError(() => load(bytes), 'STATE_INVALID');
  }
});

test('loadDetectors takes a Node Buffer at any address, and says what to pass in place of a path', async () => {
  const { model, fitted: made } = await fitOf(7, [knn({ k: 5 })]);
  model.dispose();
  const bytes = saveDetectors(made);
  for (let offset = 0; offset < 9; offset++) {
    const buffer = Buffer.concat([Buffer.alloc(offset), bytes]).subarray(offset);
    assert.equal(loadDetectors(buffer, [knn({ k: 5 })], { preprocessing }).states, made.states);
  }
  const path = 'detectors.safetensors' as unknown as Uint8Array;
  await codedError(() => loadDetectors(path, [knn()]), 'ARGUMENT_INVALID', /loadDetectors: .*Read the file first/);
});

test.run();
