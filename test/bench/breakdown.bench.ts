// Where a checkpoint's time beyond the bare loop goes: the parts of a tracker put on a bare loop, one after the other.
import * as tf from '@tensorflow/tfjs';
import {
  createTracker,
  type GradientJob,
  modelAdapter,
  type Moments,
  runningMoments,
  tapeGradientEngine,
  withLeanGradients,
} from '@vogjs/core';
import { uniformFrom } from '@vogjs/testing';
import { vog } from '@vogjs/metrics';
import { lenet, normalBatch, seedWeights } from '../zoo.js';
import { benchBackend } from './backend.js';
import { compare, roundsOr } from './harness.js';
import { logitsByHand } from './models.js';

const CHUNK = 256;
const CHUNKS = 2;
const SIZE = CHUNK * CHUNKS;

await benchBackend();
const model = seedWeights(lenet(), 1);
const inputs = normalBatch(model, SIZE, uniformFrom(1));
const labels = Int32Array.from({ length: SIZE }, (_, i) => i % 10);
const oneHot = tf.tidy(() => tf.gather(tf.eye(10), tf.tensor1d(labels, 'int32')));
const logits = logitsByHand(model);
const bound = modelAdapter.bind(model, {}, []);
const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize: CHUNK });
const states = new Map<number, Moments>();
let epoch = 0;

const hostTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const bare = (start: number): void => {
  const [x, y] = [tf.slice(inputs, start, CHUNK), tf.slice(oneHot, start, CHUNK)];
  withLeanGradients(() => tf.grad(logits)(x, y));
};
const engine = (start: number): tf.Tensor => {
  const job: GradientJob = { activation: 'softmax', label: labels.subarray(start, start + CHUNK), input: 0 };
  return tapeGradientEngine.run(bound, [tf.slice(inputs, start, CHUNK)], job).gradient;
};
const moments = (start: number): void => {
  const map = tf.reshape(engine(start), [CHUNK, 28, 28]);
  const before = states.get(start) ?? runningMoments.init(map.shape);
  const after = runningMoments.push(before, map);
  for (const tensor of Object.values(after)) tf.keep(tensor);
  tf.dispose(Object.values(states.get(start) ?? {}));
  states.set(start, after);
};

async function loop(pass: (start: number) => unknown, turns: boolean): Promise<void> {
  for (let start = 0; start < SIZE; start += CHUNK) {
    tf.tidy(() => void pass(start));
    if (turns) await hostTurn();
  }
}

await compare(
  'LeNet 28 x 28, chunk 256: a bare loop that becomes a checkpoint',
  {
    'bare lean loop': () => loop(bare, false),
    '+ a turn of the host per chunk': () => loop(bare, true),
    '+ gradient engine, adapter, one-hot': () => loop(engine, true),
    '+ running moments, kept': () => loop(moments, true),
    'tracker checkpoint': () => tracker.checkpoint(model, { epoch: epoch++ }),
  },
  { rounds: roundsOr(41), work: { count: SIZE, unit: 'images' } },
);
