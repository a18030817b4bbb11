// Only with --all: native TensorFlow records a dozen trackers' checkpoints.
// Chunks that ask for nearly what was recorded: each story gives other scores if the recording were taken for it.
import * as tf from '@tensorflow/tfjs';
import { createTracker, defineMetric, logits } from '@vogjs/core';
import { csg, meanLoss, vog } from '@vogjs/metrics';
import { normalValues, testBackends, uniformFrom } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { useBackend } from '../support/backend.js';
import { seedWeights } from '../networks.js';
import { openSessions, recordedAs, recording, ways } from './sections.js';
import {
  around,
  CHUNK,
  EXAMPLES,
  layerOf,
  network,
  probe,
  projection,
  recordingFolders,
  same,
  seed,
  SHAPE,
} from './stories.js';

/** What of the add-on is bent here. */
interface Addon {
  loadSavedModel(folder: string, tags: string): number;
  runSavedModel(...args: readonly unknown[]): readonly { readonly id: number; readonly shape: number[] }[];
  createFunction(name: string, ...args: readonly unknown[]): void;
  executeOp(name: string, ...args: readonly unknown[]): readonly { readonly id: number; readonly shape: number[] }[];
}

/** Runs with some of the add-on's functions replaced. */
async function bent(replace: (addon: Addon) => Partial<Addon>, run: () => Promise<void>): Promise<void> {
  const backend = tf.backend() as unknown as { binding: Addon };
  const { binding } = backend;
  const values = Object.entries(replace(binding)).map(([name, value]) => [name, { value }]);
  backend.binding = Object.create(binding, Object.fromEntries(values)) as Addon;
  try {
    await run();
  } finally {
    backend.binding = binding;
  }
}

/** A network with other weights at each checkpoint. */
const moving = () => {
  const model = network();
  return { model, before: (checkpoint: number) => void seedWeights(model, seed + checkpoint) };
};

for (const backend of recording(testBackends())) {
  const test = suite(`recordings that no longer hold, on ${backend} (seed ${seed})`);
  test.before.each(() => useBackend(backend));

  test('the place of a slice, the width of a padding and an axis follow host state; all shapes stay', async () => {
    const turns: ((x: tf.Tensor4D, turn: number) => tf.Tensor)[] = [
      (x, turn) => tf.slice(x, [0, turn, 0, 0], [-1, 5, 6, 1]),
      (x, turn) =>
        tf.pad(tf.slice(x, [0, 0, 0, 0], [-1, 5, 6, 1]), [
          [0, 0],
          [turn, 1 - turn],
          [0, 0],
          [0, 0],
        ]),
      (x, turn) => tf.mul(tf.reverse(x, [1 + turn]), tf.cumsum(x, 1 + turn)),
    ];
    for (const turn of turns) {
      await same(
        () => {
          let calls = 0;
          const shaped = (x: tf.Tensor): tf.Tensor =>
            tf.reshape(turn(x as tf.Tensor4D, calls++ % 2), [x.shape[0]!, -1]);
          const kernel = tf.randomNormal([36, 3], 0, 1, 'float32', seed) as tf.Tensor2D;
          return {
            model: (x) => {
              const flat = shaped(x as tf.Tensor) as tf.Tensor2D;
              return tf.matMul(flat, tf.slice(kernel, [0, 0], [flat.shape[1], 3]));
            },
            checkpoints: 6,
          };
        },
        { state: 'recorded', leaves: 1 },
      );
    }
  });

  test('host state says which of two tensors is the operand', () =>
    same(
      () => {
        let calls = 0;
        const choose = (x: tf.Tensor): tf.Tensor => {
          const [a, b] = [tf.sin(x), tf.exp(x)];
          return tf.mul(a, calls++ % 2 === 0 ? a : b);
        };
        return { model: around(layerOf(choose)), checkpoints: 6 };
      },
      { state: 'recorded' },
    ));

  test('host state says which of two results is kept; the operations are the same', () =>
    same(
      () => {
        let calls = 0;
        const kept = defineMetric({
          name: 'kept',
          hardDirection: 'high',
          requires: { logits },
          init: ({ size }) => ({ sum: tf.zeros([size]) }),
          update({ sum }, { logits: z }) {
            const most = tf.max(z, 1);
            const [once, thrice] = [tf.add(sum, most), tf.add(sum, tf.mul(most, 3))];
            return { sum: calls++ % 2 === 0 ? once : thrice };
          },
          compute: ({ sum }) => sum,
        });
        return { ...moving(), metrics: () => [vog(), kept], checkpoints: 6 };
      },
      { state: 'recorded' },
    ));

  test('a closure over a tensor that is disposed and made anew', () =>
    same(
      () => {
        let kernel = tf.randomNormal([36, 3], 0, 1, 'float32', seed);
        return {
          model: (x) => tf.matMul(tf.reshape(tf.sin(x as tf.Tensor), [-1, 36]), kernel),
          before(checkpoint) {
            kernel.dispose();
            kernel = tf.randomNormal([36, 3], 0, 1, 'float32', seed + checkpoint);
          },
        };
      },
      { state: 'recorded', leaves: 1, recordings: 2, replayed: 10 },
    ));

  test('a random stream on the host, by way of Math.random', async () => {
    const { random } = Math;
    try {
      await same(
        () => {
          Math.random = uniformFrom(seed);
          const noise = (x: tf.Tensor): tf.Tensor =>
            tf.mul(
              x,
              tf.tensor(
                Float32Array.from({ length: x.size }, () => 0.5 + Math.random()),
                x.shape,
              ),
            );
          return { model: around(layerOf(noise)) };
        },
        { state: 'recorded' },
      );
    } finally {
      Math.random = random;
    }
  });

  test('GraphModels of one structure in turns', async () => {
    const models = [await projection(0), await projection(1)];
    await same(
      () => ({
        model: models[0]!,
        at: (checkpoint) => models[checkpoint % 2]!,
        metrics: () => [vog(), csg()],
        options: { models: 'any' },
      }),
      { state: 'recorded', recordings: 2, replayed: 10 },
    );
    for (const model of models) model.dispose();
  });

  test('layers of a model that are frozen, taken away and added', () =>
    same(
      () => {
        const model = network();
        return {
          model,
          checkpoints: 6,
          before(checkpoint) {
            model.layers[0]!.trainable = checkpoint % 2 === 0;
            if (checkpoint === 2 || checkpoint === 4) {
              model.pop();
              if (checkpoint === 2) model.add(tf.layers.dense({ units: 5, activation: 'tanh' }));
              model.add(tf.layers.dense({ units: 3, activation: 'softmax' }));
              model.build();
            }
            seedWeights(model, seed + checkpoint);
          },
        };
      },
      // Layers that were popped keep their weights: a kernel and a bias, twice.
      { state: 'recorded', leaves: 4 },
    ));

  test('gradients by both of two inputs, in one pass', () =>
    same(
      () => {
        const [a, b] = [tf.input({ shape: [5] }), tf.input({ shape: [4] })];
        const both = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
        const hidden = tf.layers.dense({ units: 8, activation: 'tanh' }).apply(both);
        const outputs = tf.layers.dense({ units: 3 }).apply(hidden) as tf.SymbolicTensor;
        const model = tf.model({ inputs: [a, b], outputs });
        const random = uniformFrom(seed + 3);
        const inputs = [5, 4].map((width) => tf.tensor(normalValues(EXAMPLES * width, random), [EXAMPLES, width]));
        return {
          model,
          options: { inputs },
          metrics: () => [vog(), vog({ input: 1, name: 'second' }), meanLoss()],
          before: (checkpoint) => void seedWeights(model, seed + checkpoint),
        };
      },
      { state: 'recorded', recordings: 2, replayed: 10 },
    ));

  test('two trackers over one model in turns, in chunks of their own', async () => {
    const scoresOf = async (recorded: boolean): Promise<number[][]> => {
      const model = network();
      const { inputs, labels } = probe();
      const trackers = [CHUNK, CHUNK - 1].map((chunkSize) =>
        createTracker({ inputs, labels, metrics: [vog()], chunkSize, recorded }),
      );
      for (let epoch = 0; epoch < 4; epoch++) {
        for (const tracker of trackers) {
          seedWeights(model, seed + epoch);
          await tracker.checkpoint(model, { epoch });
        }
        // One goes, the other goes on.
        if (epoch === 1) trackers[0]!.dispose();
        if (epoch === 1) trackers.shift();
      }
      const { values } = await trackers[0]!.scores('vog');
      trackers[0]!.dispose();
      model.dispose();
      tf.dispose(inputs as tf.Tensor);
      return [[...values]];
    };
    const [recorded, eager] = [await scoresOf(true), await scoresOf(false)];
    const most = Math.max(...eager[0]!);
    assert.ok(most > 0);
    for (const [i, value] of eager[0]!.entries()) assert.ok(Math.abs(recorded[0]![i]! - value) <= 2e-5 * most);
    assert.is(openSessions(), 0);
  });

  /** The add-on with a loading that is refused, or with runs that are replaced. */
  const refuse = () => {
    throw new Error('of its own');
  };
  type Run = (compute: () => ReturnType<Addon['runSavedModel']>) => ReturnType<Addon['runSavedModel']>;
  const running = (run: Run) => (addon: Addon) => ({
    runSavedModel: (...args: readonly unknown[]) => run(() => addon.runSavedModel(...args)),
    executeOp: (name: string, ...args: readonly unknown[]) =>
      name.startsWith('vogjs_') ? run(() => addon.executeOp(name, ...args)) : addon.executeOp(name, ...args),
  });

  test('a recording that TensorFlow does not load, or cannot run: one operation at a time, and nothing is left', async () => {
    for (const way of ways()) {
      await recordedAs(way, async () => {
        await bent(
          () => ({ loadSavedModel: refuse, createFunction: refuse }),
          () => same(moving, { state: 'eager', reason: /TensorFlow refused the recording: of its own/ }),
        );
        let runs = 0;
        // The first two are of the first chunk and of the last, when they are recorded.
        await bent(
          running((compute) => (runs++ < 4 ? compute() : refuse())),
          () => same(moving, { state: 'eager', reason: /TensorFlow could not run the recording: of its own/ }),
        );
        assert.ok(runs > 4);
        assert.equal(recordingFolders(), []);
      });
    }
  });

  // No GPU is here: the flag alone is set, and everything computes on the processor.
  test('where TensorFlow says that it uses a GPU, recordings are functions or nothing', async () => {
    const native = tf.backend() as unknown as { isUsingGpuDevice: boolean };
    const was = native.isUsingGpuDevice;
    native.isUsingGpuDevice = true;
    try {
      await recordedAs('saved-model', () => same(moving, { state: 'eager', reason: /vogjs link-libtensorflow/ }));
      if (ways().includes('function')) await recordedAs('function', () => same(moving, { state: 'recorded' }));
    } finally {
      native.isUsingGpuDevice = was;
    }
  });

  /** The first two results of one shape, exchanged. */
  const exchanged: Run = (compute) => {
    const results = compute();
    const at = results.findIndex(({ shape }, i) => i > 0 && String(shape) === String(results[i - 1]!.shape));
    return at < 0 ? results : results.with(at, results[at - 1]!).with(at - 1, results[at]!);
  };

  test('a session that gives other numbers than the operations is not believed', async () => {
    for (const way of ways()) {
      await recordedAs(way, () =>
        bent(running(exchanged), () =>
          same(moving, { state: 'eager', reason: /does not agree with the operations one by one: result/ }),
        ),
      );
    }
  });

  test('chunks that differ twice, as at a kink, are computed by the operations, and recording goes on', async () => {
    for (const way of ways()) {
      await recordedAs(way, async () => {
        let runs = 0;
        await bent(
          running((compute) => (runs++ < 2 ? exchanged(compute) : compute())),
          () => same(moving, { state: 'recorded' }),
        );
        assert.ok(runs > 4, `${runs} runs`);
      });
    }
  });

  test.run();
}

const elsewhere = suite('stories without native TensorFlow');
elsewhere('nothing of them records', () => {
  assert.equal(SHAPE, [6, 6, 1]);
  assert.equal(recording(['cpu', 'wasm', 'webgpu']), []);
});
elsewhere.run();
