// Promise of the design: every backend's input gradients agree with finite differences on every layer kind.
import * as tf from '@tensorflow/tfjs';
import { VogError, withLeanGradients } from '@vogjs/core';
import { repairBackend } from '@vogjs/backend/repair';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { selectBackend } from '@vogjs/core/node';
import { normalValues, runSeed, type TestBackend, uniformFrom } from '@vogjs/testing';
import { assertInputGradient, type BatchFunction, compareWithFiniteDifferences } from '@vogjs/backend';
import { testBackends } from './support/backend.js';
import { lenet, normalBatch, resnet18, seedWeights, zoo } from './zoo.js';

const seed = runSeed();
/** As `compareWithFiniteDifferences` has it. */
const TOLERANCE = 0.004;
/** One draw in some hundreds says too little; four in a row are no chance. */
const LAST_DRAW = 3;

/** Runs a check with a seeded model of the zoo and disposes it. */
async function withModel(model: tf.LayersModel, check: (f: BatchFunction) => Promise<void>): Promise<void> {
  seedWeights(model, seed);
  try {
    await check((x) => model.apply(x, { training: false }) as tf.Tensor);
  } finally {
    model.dispose();
  }
}

for (const backend of testBackends()) {
  const test = suite(`input gradients on ${backend} (seed ${seed})`);
  test.before.each(async () => {
    await selectBackend(backend);
    repairBackend();
  });

  for (const { name, build, kinks, step } of zoo) {
    test(`gradient = finite differences: ${name}`, async () => {
      const model = build();
      for (let draw = 0; !(await agrees(model, draw)); draw++);
      model.dispose();
    });

    /**
     * Whether gradients agree, for weights and inputs of this draw; an error where they do not. False where a draw says
     * too little: with most coordinates at kinks, or a function so flat that its float32 noise looks like kinks.
     */
    const agrees = async (model: tf.LayersModel, draw: number): Promise<boolean> => {
      seedWeights(model, seed + 7919 * draw);
      const f: BatchFunction = (x) => model.apply(x, { training: false }) as tf.Tensor;
      const random = uniformFrom(seed + 1 + 7919 * draw);
      const x = normalBatch(model, 3, random);
      try {
        // The path of the product: lean.
        const gradient = (at: tf.Tensor, dy: tf.Tensor): tf.Tensor => withLeanGradients(() => tf.grad(f)(at, dy));
        const allowed = {
          ...(kinks === undefined ? {} : { maximumDiscarded: kinks }),
          ...(step === undefined ? {} : { step }),
        };
        const report = await compareWithFiniteDifferences(f, x, { random, gradient, coordinates: 24, ...allowed });
        if (!report.agrees && (report.worst.error > TOLERANCE || draw === LAST_DRAW))
          assert.unreachable(report.summary);
        const largest = tf.tidy(() => {
          const dy = tf.ones(f(x).shape);
          return tf.max(tf.abs(tf.sub(gradient(x, dy), tf.grad(f)(x, dy))));
        });
        const difference = (await largest.data())[0]!;
        largest.dispose();
        assert.ok(difference < 1e-5, `lean and plain gradients differ by ${difference}`);
        return report.agrees;
      } finally {
        x.dispose();
      }
    };
  }

  for (const kind of ['lstm', 'gru', 'simpleRNN'] as const) {
    test(`gradient of a padded sequence in front of ${kind} = that of the sequence cut short, and 0 on its padding`, async () => {
      const build = (steps: number, mask: boolean): tf.Sequential =>
        seedWeights(
          tf.sequential({
            layers: [
              ...(mask ? [tf.layers.masking({ maskValue: 0, inputShape: [steps, 3] })] : []),
              tf.layers[kind]({ units: 4, ...(mask ? {} : { inputShape: [steps, 3] }) }),
              tf.layers.dense({ units: 2 }),
            ],
          }),
          seed,
        );
      const [padded, short] = [build(5, true), build(3, false)];
      const words = normalValues(9, uniformFrom(seed + 5));
      const gradient = async (model: tf.LayersModel, steps: number): Promise<number[]> => {
        const rows = new Float32Array(steps * 3);
        rows.set(words);
        const f = (x: tf.Tensor): tf.Tensor => model.apply(x, { training: false }) as tf.Tensor;
        const dx = tf.tidy(() => tf.grad(f)(tf.tensor(rows, [1, steps, 3]), tf.tensor2d([[1, -2]])));
        // A WebGPU device cannot be read at once.
        const values = Array.from(await dx.data());
        dx.dispose();
        return values;
      };
      const [found, expected] = [await gradient(padded, 5), await gradient(short, 3)];
      assert.ok(expected.some((value) => Math.abs(value) > 1e-3));
      found.forEach((value, k) =>
        assert.ok(Math.abs(value - (expected[k] ?? 0)) < 1e-6, `${found} is not ${expected}`),
      );
      padded.dispose();
      short.dispose();
    });
  }

  test('gradient of an embedding: with respect to its output = finite differences', async () => {
    const ids = tf.input({ shape: [5], dtype: 'int32' });
    const embedded = tf.layers.embedding({ inputDim: 9, outputDim: 3 }).apply(ids) as tf.SymbolicTensor;
    const inputs = tf.input({ shape: [5, 3] });
    const hidden = tf.layers
      .conv1d({ filters: 4, kernelSize: 2, activation: 'tanh' })
      .apply(inputs) as tf.SymbolicTensor;
    const pooled = tf.layers.globalAveragePooling1d({}).apply(hidden) as tf.SymbolicTensor;
    const rest = tf.model({ inputs, outputs: tf.layers.dense({ units: 3 }).apply(pooled) as tf.SymbolicTensor });
    const lookup = seedWeights(tf.model({ inputs: ids, outputs: embedded }), seed);
    const random = uniformFrom(seed + 2);
    const words = tf.tensor2d(
      Array.from({ length: 15 }, () => Math.floor(9 * random())),
      [3, 5],
      'int32',
    );
    const vectors = lookup.predict(words) as tf.Tensor;
    await withModel(rest, async (f) => {
      await assertInputGradient(f, vectors, { random });
    });
    tf.dispose([words, vectors]);
    lookup.dispose();
  });

  test('gradient of an embedding: with respect to its weights = finite differences (UnsortedSegmentSum)', async () => {
    const random = uniformFrom(seed + 3);
    const words = tf.tensor2d(
      Array.from({ length: 8 }, () => Math.floor(6 * random())),
      [2, 4],
      'int32',
    );
    const weights = tf.tensor(normalValues(2 * 6 * 3, random), [2, 6, 3]);
    const f: BatchFunction = (rows) => tf.stack(tf.unstack(rows).map((row) => tf.tanh(tf.gather(row, words))));
    await assertInputGradient(f, weights, { random });
    tf.dispose([words, weights]);
  });

  test('gradient of an embedding: with respect to its integer input is refused by code', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 9, outputDim: 3, inputLength: 4 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2 }),
      ],
    });
    await withModel(model, async (f) => {
      assert.throws(
        () => tf.tidy(() => tf.grad(f)(tf.tensor2d([[1, 2, 3, 4]]))),
        (error: unknown) => error instanceof VogError && error.code === 'GRADIENT_UNSUPPORTED',
      );
    });
  });

  test.run();
}

// Deep relu networks have a kink near every point: two backends that share no kernel take the place of differences.
const other = testBackends().find((name) => name !== 'cpu') ?? 'wasm';
const test = suite(`input gradients, ${other} against cpu (seed ${seed})`);
const deep: Record<string, () => tf.LayersModel> = { LeNet: () => lenet(), 'ResNet-18 of width 4': () => resnet18(4) };
/** Gradients of the same network at the same input. */
async function gradientOn(backend: TestBackend, build: () => tf.LayersModel, draw: number): Promise<Float32Array> {
  await selectBackend(backend);
  repairBackend();
  let found: Float32Array | undefined;
  const model = build();
  await withModel(model, async (f) => {
    const shape = [2, ...model.inputs[0]!.shape.slice(1).map(Number)];
    const x = tf.tensor(normalValues(tf.util.sizeFromShape(shape), uniformFrom(seed + 4 + draw)), shape);
    const onehot = tf.tensor(
      Float32Array.from({ length: 20 }, (_, i) => (i % 10 === 3 ? 1 : 0)),
      [2, 10],
    );
    const gradient = tf.tidy(() => withLeanGradients(() => tf.grad(f)(x, onehot)));
    found = (await gradient.data<'float32'>()).slice();
    tf.dispose([x, onehot, gradient]);
  });
  return found!;
}

for (const [name, build] of Object.entries(deep)) {
  // Of thousands of relus one may lie nearer to 0 than two backends' roundings, and switch a part of the gradient: at one
  // draw in some dozen. A wrong kernel is wrong at every draw; seven others of eight are once in millions of runs.
  test(`gradient on ${other} = gradient on cpu: ${name}, at two draws of at most eight`, async () => {
    const off: string[] = [];
    for (let draw = 0, right = 0; right < 2; draw++) {
      const [reference, found] = [await gradientOn('cpu', build, draw), await gradientOn(other, build, draw)];
      const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const error = reference.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0);
      assert.ok(largest > 0);
      if (error < 1e-3 * largest) right += 1;
      else off.push(`draw ${draw}: ${error} off, of at most ${largest}`);
      assert.ok(off.length < 7, off.join('\n'));
    }
  });
}
test.run();
