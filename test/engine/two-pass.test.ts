// The engine inside a real fit against the definition: gradients stored at every epoch, variance in two float64 passes.
// Only with --all: it compares many runs with float64
import process from 'node:process';
import * as tf from '@tensorflow/tfjs';
import { fitCallback } from '@vogjs/callback';
import { createTracker, type Metric, VogError } from '@vogjs/core';
import type { BackendName } from '@vogjs/core/node';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normalTensor, randomOf, withSeed } from '@vogjs/testing';
import { testBackends, useBackend } from '../support/backend.js';
import { CLASSES, IMAGE, oneHotRows, smallConvnet, smallDense } from '../support/models.js';
import { integers } from '../support/random.js';
import { plainGradient, type ReferenceOptions, relativeError, twoPassVog } from '../support/reference.js';

const test = suite('two-pass reference');
const SIZE = 10;

/** The layers by hand: convolution, relu, dense, without the softmax. */
function convnetLogits(model: tf.LayersModel): (x: tf.Tensor) => tf.Tensor2D {
  return (x) => {
    const [kernel, bias, weights, offset] = model.getWeights() as [tf.Tensor4D, tf.Tensor, tf.Tensor2D, tf.Tensor];
    const maps = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, kernel, 1, 'valid'), bias));
    return tf.add(tf.matMul(tf.reshape(maps, [x.shape[0] as number, -1]), weights), offset);
  };
}

function denseLogits(model: tf.LayersModel): (x: tf.Tensor) => tf.Tensor2D {
  return (x) => {
    const [w1, b1, w2, b2] = model.getWeights() as [tf.Tensor2D, tf.Tensor, tf.Tensor2D, tf.Tensor];
    return tf.add(tf.matMul(tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, w1), b1)), w2), b2);
  };
}

/** Stores the gradients at every epoch's end, beside the tracker's own callback. */
class Snapshots extends tf.Callback {
  readonly stored = new Map<string, Float32Array[]>();

  constructor(take: () => Promise<Record<string, Float32Array>>) {
    super();
    this.onEpochEnd = async () => {
      for (const [key, gradient] of Object.entries(await take()))
        this.stored.set(key, [...(this.stored.get(key) ?? []), gradient]);
    };
  }
}

const keyOf = ({ activation, label }: ReferenceOptions): string =>
  `${activation}-${typeof label === 'string' ? label : 'fixed'}`;

function combinations(
  fixed: Int32Array,
  pools: readonly number[],
  channelKinds: readonly ReferenceOptions['channels'][],
): ReferenceOptions[] {
  const all: ReferenceOptions[] = [];
  for (const activation of ['logit', 'softmax', 'loss'] as const) {
    for (const label of ['true', 'predicted', fixed] as const) {
      for (const channels of channelKinds) {
        for (const reduce of ['std', 'variance'] as const) {
          for (const ddof of [0, 1] as const)
            for (const pool of pools) all.push({ activation, label, channels, reduce, ddof, pool });
        }
      }
    }
  }
  return all;
}

async function compare(kind: 'image' | 'vector', drive: 'fit' | 'fitDataset', salt: number): Promise<void> {
  const random = randomOf(salt);
  const shape = kind === 'image' ? [...IMAGE] : [4];
  const model = kind === 'image' ? smallConvnet(random) : smallDense(random);
  const logits = kind === 'image' ? convnetLogits(model) : denseLogits(model);
  const inputs = normalTensor(random, [SIZE, ...shape]);
  const labels = integers(random, SIZE, CLASSES);
  const fixed = integers(random, SIZE, CLASSES);
  const options =
    kind === 'image' ? combinations(fixed, [1, 2, 4], ['mean', 'separate']) : combinations(fixed, [1], ['mean']);
  const metrics: Metric[] = options.map((each, i) => vog({ name: `vog${i}`, ...each }));
  // 4 + 4 + 2: chunks of unequal size.
  const tracker = createTracker({ inputs, labels, metrics, chunkSize: 4 });
  const sources = new Map(options.map((each) => [keyOf(each), each]));
  const snapshots = new Snapshots(async () => {
    const taken: Record<string, Float32Array> = {};
    for (const [key, each] of sources) taken[key] = await plainGradient(logits, inputs, labels, each);
    return taken;
  });

  const trainXs = normalTensor(random, [14, ...shape]);
  const trainYs = oneHotRows(integers(random, 14, CLASSES));
  const callbacks = [snapshots, fitCallback(tracker, { logs: false })];
  if (drive === 'fit') await model.fit(trainXs, trainYs, { epochs: 4, batchSize: 5, verbose: 0, callbacks });
  else {
    const dataset = tf.data
      .zip({
        xs: tf.data.array((await trainXs.array()) as tf.TensorContainer[]),
        ys: tf.data.array(await trainYs.array()),
      })
      .batch(5);
    await model.fitDataset(dataset as tf.data.Dataset<{ xs: tf.Tensor; ys: tf.Tensor }>, {
      epochs: 4,
      verbose: 0,
      callbacks,
    });
  }

  assert.is(tracker.checkpoints, 4);
  for (const [i, each] of options.entries()) {
    const expected = twoPassVog(snapshots.stored.get(keyOf(each)) ?? [], SIZE, shape, each);
    const { values, checkpoints } = await tracker.scores(`vog${i}`);
    const error = relativeError(values, expected);
    assert.is(checkpoints, 4);
    assert.ok(Math.max(...expected) > 1e-6, `${JSON.stringify(each)} has nothing to compare`);
    assert.ok(
      error < 2e-5,
      `${kind} ${drive} ${keyOf(each)} ${JSON.stringify({ ...each, label: undefined })}: relative error ${error}`,
    );
  }
  tracker.dispose();
  model.dispose();
  tf.dispose([inputs, trainXs, trainYs]);
}

/** The backends asked for, and tfjs-node where it is installed. */
const backends = new Set<BackendName>(testBackends());
if (!process.env['VOGJS_TEST_BACKENDS'] && (await loads('tfjs-node'))) backends.add('tfjs-node');

async function loads(name: 'tfjs-node'): Promise<boolean> {
  try {
    await useBackend(name);
    return true;
  } catch (error) {
    if (error instanceof VogError && error.code === 'BACKEND_UNAVAILABLE') return false;
    throw error;
  }
}

for (const backend of backends) {
  for (const [kind, drive] of [
    ['image', 'fit'],
    ['image', 'fitDataset'],
    ['vector', 'fit'],
  ] as const) {
    test(`${backend}: the tracker in ${drive} = two float64 passes over stored gradients, every option of vog, ${kind}`, () =>
      withSeed(async () => {
        await useBackend(backend);
        await compare(kind, drive, `${backend}${kind}${drive}`.length);
      }));
  }
}

test.run();
