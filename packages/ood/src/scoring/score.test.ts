import { logits, VogError } from '@vogjs/core';
import { normalTensor, randomOf, SEED, testBackends } from '@vogjs/testing';
import { selectBackend } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  allDetectors,
  defineDetector,
  type Detector,
  energy,
  fitDetectors,
  gradNorm,
  klMatching,
  knn,
  mahalanobis,
  maxLogit,
  msp,
  odin,
  react,
  scoreOod,
  vim,
} from '../index.js';
import { assertClose, codedError, countCalls, denseNetwork } from '../networks.test.helper.js';

const test = suite(`scoreOod and fitDetectors (SEED=${SEED})`);
test.before.each(async () => void (await selectBackend('cpu')));

const FIT = 40;
const all = (): Detector[] => allDetectors.map((make) => (make === knn ? knn({ k: 5 }) : make()));
const forwardOnly = (): Detector[] => all().filter(({ name }) => name !== 'odin');

function fitSetOf(salt: number): { inputs: tf.Tensor; labels: Int32Array } {
  const random = randomOf(salt);
  return { inputs: normalTensor(random, [FIT, 6]), labels: Int32Array.from({ length: FIT }, (_, i) => i % 4) };
}

test('one forward pass a chunk fits all detectors, and one scores them; ODIN adds one more and a backward pass', async () => {
  const model = denseNetwork(randomOf(1));
  const fitSet = fitSetOf(2);
  const examples = { inputs: normalTensor(randomOf(3), [20, 6]) };
  const counter = countCalls(model.layers[0]!);
  const fitted = await fitDetectors(model, fitSet, forwardOnly(), { chunkSize: 10 });
  assert.is(counter.count, FIT / 10);
  counter.count = 0;
  await scoreOod(model, examples, fitted, { chunkSize: 10 });
  assert.is(counter.count, 2);
  const withOdin = await fitDetectors(model, fitSet, [...forwardOnly(), odin()], { chunkSize: 10 });
  counter.count = 0;
  await scoreOod(model, examples, withOdin, { chunkSize: 10 });
  assert.is(counter.count, 4, 'one pass that also has the gradient, one at the disturbed input');
  counter.count = 0;
  await scoreOod(model, examples, [odin({ epsilon: 0 }), msp()], { chunkSize: 10 });
  assert.is(counter.count, 2, 'no gradient without a disturbance');
  counter.stop();
  model.dispose();
});

for (const backend of testBackends()) {
  test(`${backend}: scores do not depend on chunks or on the company of other detectors, and no tensor stays`, async () => {
    await selectBackend(backend);
    const model = denseNetwork(randomOf(4));
    const fitSet = fitSetOf(5);
    const examples = { inputs: normalTensor(randomOf(6), [17, 6]) };
    const detectors = [...forwardOnly(), odin({ epsilon: 0.01 })];
    await scoreOod(model, examples, await fitDetectors(model, fitSet, detectors)); // what a backend makes once
    const tensors = tf.memory().numTensors;
    const whole = await scoreOod(model, examples, await fitDetectors(model, fitSet, detectors));
    for (const detector of detectors) {
      const fitted = await fitDetectors(model, fitSet, [detector], { chunkSize: 7 });
      const alone = await scoreOod(model, examples, fitted, { chunkSize: 3 });
      assertClose(alone[detector.name]!.values, whole[detector.name]!.values, detector.name);
    }
    assert.is(tf.memory().numTensors, tensors);
    model.dispose();
  });
}

test('bad calls are refused with a code that says why', async () => {
  const model = denseNetwork(randomOf(17));
  const fitSet = fitSetOf(18);
  const { inputs, labels } = fitSet;
  const fit = (detectors: readonly Detector[], set: Parameters<typeof fitDetectors>[1] = fitSet) =>
    fitDetectors(model, set, detectors);
  const score = (detectors: readonly Detector[]) => scoreOod(model, { inputs }, detectors);
  await codedError(() => score([mahalanobis()]), 'DETECTOR_NOT_FITTED', /fitDetectors/);
  await codedError(() => score([]), 'DETECTOR_INVALID');
  await codedError(() => score([energy as never]), 'DETECTOR_INVALID', /energy\(\), not energy/);
  await codedError(() => score([energy(), energy()]), 'DETECTOR_DUPLICATE');
  await codedError(() => score([knn({ layer: 'none' })]), 'DETECTOR_NOT_FITTED');
  await codedError(() => score([gradNorm({ layer: 'none' })]), 'LAYER_UNKNOWN', /none/);
  await codedError(() => fit([knn({ layer: 'none' })]), 'LAYER_UNKNOWN', /none/);
  await codedError(() => fit([knn({ k: FIT + 1 })]), 'SAMPLE_TOO_SMALL', /41/);
  await codedError(() => fit([mahalanobis()], { inputs }), 'LABEL_INVALID');
  await codedError(
    () => fit([mahalanobis()], { inputs, labels: new Int32Array(FIT) }),
    'SAMPLE_TOO_SMALL',
    /one class/,
  );
  await codedError(() => fit([mahalanobis()], { inputs, labels: labels.map((y) => y + 1) }), 'LABEL_INVALID');
  await codedError(() => fit([mahalanobis()], { inputs: tf.zeros([FIT, 6]), labels }), 'SAMPLE_TOO_SMALL', /vary/);
  await codedError(() => fit([vim({ dimensions: 8 })]), 'ARGUMENT_INVALID', /residual/);
  await codedError(() => fit([react({ layer: 'head' })]), 'HEAD_NOT_LINEAR');
  await codedError(() => scoreOod(model, { inputs: tf.fill([3, 6], Number.NaN) }, [energy()]), 'INPUT_NOT_FINITE');
  await codedError(() => scoreOod(model, { inputs: tf.zeros([3, 5]) }, [energy()]), 'INPUT_SHAPE');
  await codedError(() => scoreOod(model, { inputs }, [energy()], { chunk: 3 } as never), 'ARGUMENT_INVALID');
  await codedError(
    () => scoreOod((x) => tf.mul(x as tf.Tensor, Number.NaN), { inputs }, [maxLogit()]),
    'RESULT_NOT_FINITE',
  );
  await codedError(() => scoreOod((x) => x as tf.Tensor, { inputs }, [gradNorm()]), 'LAYER_UNKNOWN', /function/);
  await codedError(() => fitDetectors((x) => x as tf.Tensor, fitSet, [react()]), 'LAYER_UNKNOWN');
  await codedError(() => score([odin({ channelStd: [1, 2] })]), 'INPUT_SHAPE', /channelStd/);
  model.dispose();
});

test('a fit or a scoring that fails leaves no tensor', async () => {
  const model = denseNetwork(randomOf(23));
  const fitSet = fitSetOf(24);
  const failing = defineDetector({
    name: 'failing',
    requires: { logits },
    score: () => {
      throw new Error('planned');
    },
  });
  const fitted = await fitDetectors(model, fitSet, [knn({ k: 2 }), failing]);
  const tensors = tf.memory().numTensors;
  for (const detector of [knn({ k: FIT + 1 }), vim({ dimensions: 8 }), react({ layer: 'head' })]) {
    await fitDetectors(model, fitSet, [mahalanobis(), detector]).then(
      () => assert.unreachable(`${detector.name} was fitted`),
      () => {},
    );
  }
  await codedError(() => scoreOod(model, { inputs: fitSet.inputs }, fitted), 'DETECTOR_FAILED', /planned/);
  assert.is(tf.memory().numTensors, tensors);
  model.dispose();
});

test('a fit is refused for a model whose weights moved, and taken again when they came back', async () => {
  const model = denseNetwork(randomOf(19));
  const fitSet = fitSetOf(20);
  const before = model.getWeights().map((weight) => weight.clone());
  const fitted = await fitDetectors(model, fitSet, [energy(), knn({ k: 2 })]);
  await scoreOod(model, { inputs: fitSet.inputs }, fitted);
  tf.tidy(() => model.setWeights(before.map((weight) => tf.mul(weight, 1.0001))));
  await codedError(() => scoreOod(model, { inputs: fitSet.inputs }, fitted), 'MODEL_MISMATCH', /weights/);
  model.setWeights(before);
  await scoreOod(model, { inputs: fitSet.inputs }, fitted);
  model.dispose();
});

test('NaN weights cannot be fitted on: RESULT_NOT_FINITE', async () => {
  const model = denseNetwork(randomOf(21));
  tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.mul(weight, Number.NaN))));
  for (const detector of [knn({ k: 2 }), mahalanobis(), klMatching()]) {
    await codedError(() => fitDetectors(model, fitSetOf(22), [detector]), 'RESULT_NOT_FINITE');
  }
  model.dispose();
});

test('what a detector throws or returns wrongly names it: DETECTOR_FAILED', async () => {
  const examples = { inputs: tf.zeros([3, 2]) };
  const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => x as tf.Tensor;
  const scoring = (score: () => unknown): Detector =>
    defineDetector({ name: 'mine', requires: { logits }, score: score as never });
  const cases: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => {
        throw new Error('planned');
      },
      /mine.*planned/,
    ],
    [() => tf.zeros([3, 1]), /\[3, 1\]/],
    [() => 5, /number/],
    [async () => tf.zeros([3]), /synchronous/],
  ];
  for (const [run, message] of cases) {
    await codedError(() => scoreOod(model, examples, [scoring(run)]), 'DETECTOR_FAILED', message);
  }
});

test('a VogError of a detector keeps its code, ours or its own, and gains detector and hook', async () => {
  const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => x as tf.Tensor;
  for (const code of ['mine/NO_MASK', 'SAMPLE_TOO_SMALL'] as const) {
    const thrown = new VogError(code, 'planned');
    const detector = defineDetector({
      name: 'mine',
      requires: { logits },
      score: () => {
        throw thrown;
      },
    });
    let caught: unknown;
    await scoreOod(model, { inputs: tf.zeros([3, 2]) }, [detector]).catch((error: unknown) => (caught = error));
    assert.is(caught, thrown);
    assert.equal([thrown.code, thrown.plugin, thrown.hook], [code, { kind: 'detector', name: 'mine' }, 'score']);
  }
});

test.run();
