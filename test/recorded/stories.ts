// Stories of checkpoints that are told twice, recorded and one operation at a time: the scores must be the same.
import * as tf from '@tensorflow/tfjs';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { createTracker, type Metric, type ScorableModel, type TrackerOptions } from '@vogjs/core';
import { meanLoss, vog } from '@vogjs/metrics';
import { normalValues, runSeed, uniformFrom } from '@vogjs/testing';
import * as assert from 'uvu/assert';
import { seedWeights } from '../networks.js';
import { openSessions } from './sections.js';

export const seed = runSeed();
export const EXAMPLES = 10;
export const CHUNK = 4;
export const SHAPE = [6, 6, 1];
const LABELS = Int32Array.from({ length: EXAMPLES }, (_, i) => i % 3);

export function network(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: SHAPE }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  return seedWeights(model, seed);
}

export function probe(): Pick<TrackerOptions, 'inputs' | 'labels'> {
  const inputs = tf.tensor(normalValues(EXAMPLES * 36, uniformFrom(seed + 1)), [EXAMPLES, ...SHAPE]);
  return { inputs, labels: LABELS };
}

/** Folders of recordings on their way into TensorFlow that this process has open. */
export function recordingFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`vogjs-recorded-${process.pid}-`));
}

interface Story {
  readonly model: ScorableModel;
  /** In the place of `model`, at each checkpoint. */
  readonly at?: (checkpoint: number) => ScorableModel;
  readonly metrics?: () => Metric[];
  /** Before each checkpoint. */
  readonly before?: (checkpoint: number) => void | Promise<void>;
  readonly options?: Partial<TrackerOptions>;
  readonly checkpoints?: number;
}

/** The scores of all metrics, and how the checkpoints were computed. */
async function told(story: () => Story, recorded: boolean) {
  const before = [tf.memory().numTensors, openSessions()];
  const folders = recordingFolders();
  const {
    model,
    at = () => model,
    metrics = () => [vog(), meanLoss()],
    before: prepare,
    options,
    checkpoints = 4,
  } = story();
  const { inputs = probe().inputs, ...more } = options ?? {};
  const all = metrics();
  const tracker = createTracker({ inputs, labels: LABELS, ...more, metrics: all, chunkSize: CHUNK, recorded });
  for (let epoch = 0; epoch < checkpoints; epoch++) {
    await prepare?.(epoch);
    await tracker.checkpoint(at(epoch), { epoch });
  }
  const scores: number[][] = [];
  for (const { name } of all) scores.push([...(await tracker.scores(name)).values]);
  const status = tracker.plan().recorded;
  tracker.dispose();
  if (model instanceof tf.LayersModel) model.dispose();
  tf.dispose(inputs as tf.Tensor | tf.Tensor[]);
  assert.equal(recordingFolders(), folders, 'a temporary folder is left');
  return { scores, status, left: [tf.memory().numTensors - before[0]!, openSessions() - before[1]!] };
}

export async function same(
  story: () => Story,
  expected: {
    readonly state: string;
    readonly reason?: RegExp;
    readonly leaves?: number;
    readonly recordings?: number;
    readonly replayed?: number;
  },
) {
  const recorded = await told(story, true);
  const eager = await told(story, false);
  assert.is(eager.status.state, 'eager');
  assert.is(eager.status.reason, 'recorded is false');
  for (const [i, values] of eager.scores.entries()) {
    const scale = Math.max(...values.map(Math.abs));
    assert.ok(scale > 0, 'scores of 0 say nothing');
    for (const [k, value] of values.entries()) {
      const off = Math.abs(recorded.scores[i]![k]! - value);
      assert.ok(off <= 2e-5 * scale, `metric ${i}, example ${k}: ${recorded.scores[i]![k]} and ${value}`);
    }
  }
  assert.is(recorded.status.state, expected.state, JSON.stringify(recorded.status));
  if (expected.reason !== undefined) assert.match(recorded.status.reason ?? '', expected.reason);
  else assert.ok(recorded.status.replayed > 0, JSON.stringify(recorded.status));
  assert.equal(recorded.left, [expected.leaves ?? 0, 0]);
  if (expected.recordings !== undefined) {
    assert.equal([recorded.status.recordings, recorded.status.replayed], [expected.recordings, expected.replayed]);
  }
}

/** A layer that does what its test says. */
export function layerOf(call: (x: tf.Tensor) => tf.Tensor): tf.layers.Layer {
  class Told extends tf.layers.Layer {
    static className = `Told${Math.random()}`;
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.tidy(() => call(Array.isArray(inputs) ? inputs[0]! : inputs));
    }
    override computeOutputShape(shape: tf.Shape): tf.Shape {
      return shape;
    }
  }
  return new Told({});
}

export function around(layer: tf.layers.Layer): tf.LayersModel {
  const input = tf.input({ shape: SHAPE });
  const flat = tf.layers.flatten().apply(layer.apply(input)) as tf.SymbolicTensor;
  const output = tf.layers.dense({ units: 3 }).apply(flat) as tf.SymbolicTensor;
  return seedWeights(tf.model({ inputs: input, outputs: output }), seed);
}

/** x W, as a converted model. */
export function projection(salt = 0): Promise<tf.GraphModel> {
  const T = { type: 'DT_FLOAT' };
  const dims = (shape: number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });
  const flag = { b: false };
  const node = [
    { name: 'x', op: 'Placeholder', input: [], attr: { dtype: T, shape: { shape: dims([-1, 6, 6, 1]) } } },
    {
      name: 'shape',
      op: 'Const',
      attr: { dtype: { type: 'DT_INT32' }, value: { tensor: { dtype: 'DT_INT32', tensorShape: dims([2]) } } },
    },
    {
      name: 'w',
      op: 'Const',
      attr: { dtype: T, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: dims([36, 3]) } } },
    },
    { name: 'flat', op: 'Reshape', input: ['x', 'shape'], attr: { T, Tshape: { type: 'DT_INT32' } } },
    { name: 'bent', op: 'Sin', input: ['flat'], attr: { T } },
    { name: 'logits', op: 'MatMul', input: ['bent', 'w'], attr: { T, transpose_a: flag, transpose_b: flag } },
    { name: 'probabilities', op: 'Softmax', input: ['logits'], attr: { T } },
  ];
  const weights = new Float32Array(normalValues(36 * 3, uniformFrom(seed + salt)));
  const weightData = new Uint8Array(8 + weights.byteLength);
  weightData.set(new Uint8Array(Int32Array.of(-1, 36).buffer));
  weightData.set(new Uint8Array(weights.buffer), 8);
  return tf.loadGraphModel({
    load: async () => ({
      modelTopology: { node, versions: { producer: 1 }, library: {} },
      weightSpecs: [
        { name: 'shape', shape: [2], dtype: 'int32' },
        { name: 'w', shape: [36, 3], dtype: 'float32' },
      ],
      weightData: weightData.buffer,
    }),
  });
}
