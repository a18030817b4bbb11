// What a tracker keeps and what it takes for a moment, in bytes on the device, against what plan() promises.
import * as tf from '@tensorflow/tfjs';
import { createTracker, logitsOf, type Plan, stages, type TrackerOptions, withLeanGradients } from '@vogjs/core';
import { uniformFrom } from '@vogjs/testing';
import { vog } from '@vogjs/metrics';
import { lenet, normalBatch, seedWeights } from '../zoo.js';
import { benchBackend } from './backend.js';
import { table } from './harness.js';

const CHUNK = 32;
// The last chunk is smaller than the others: states of two sizes.
const SIZE = 3 * CHUNK - 10;
const EARLY = 3;
const LATE = 50;
/** The tracker's pass hands its logits on, to metrics that need no gradient: two tensors of them that a bare one has not. */
const SHARED_LOGITS = 2 * CHUNK * 10 * 4;

await benchBackend();
const model = seedWeights(lenet(), 1);
const inputs = normalBatch(model, SIZE, uniformFrom(1));
const labels = Int32Array.from({ length: SIZE }, (_, i) => i % 10);

interface Footprint {
  /** Bytes held before and after. */
  readonly before: number;
  readonly after: number;
  /** Most bytes held after any kernel: aliases of one buffer count as often as there are tensors. */
  readonly peak: number;
}

async function footprintOf(run: () => unknown): Promise<Footprint> {
  const before = tf.memory().numBytes;
  const { peakBytes } = await tf.profile(async () => {
    await run();
    return [];
  });
  return { before, after: tf.memory().numBytes, peak: peakBytes };
}

/**
 * The working set of one chunk: what a bare forward and lean input-gradient pass of it takes for a moment. The same
 * linear head as the tracker's, because tfjs keeps other copies for a fused head than for one written by hand.
 */
async function workingSet(): Promise<number> {
  const logits = logitsOf(model);
  const oneHot = tf.tidy(() => tf.gather(tf.eye(10), tf.tensor1d(labels, 'int32')));
  const { before, after, peak } = await footprintOf(() => {
    tf.tidy(() => {
      const [x, y] = [tf.slice(inputs, 0, CHUNK), tf.slice(oneHot, 0, CHUNK)];
      withLeanGradients(() => tf.grad(logits)(x, y));
    });
  });
  if (after !== before) throw new Error(`the bare pass left ${after - before} bytes`);
  oneHot.dispose();
  return peak - before;
}

interface Kept {
  readonly plan: Plan;
  /** By number of checkpoints taken. */
  readonly at: ReadonlyMap<number, { readonly state: number; readonly beyond: number }>;
  readonly left: number;
}

async function keptBy(options: Pick<TrackerOptions, 'metrics' | 'windows'>): Promise<Kept> {
  const before = tf.memory().numBytes;
  const tracker = createTracker({ inputs, labels, chunkSize: CHUNK, total: { epochs: LATE }, ...options });
  const at = new Map<number, { state: number; beyond: number }>();
  for (let epoch = 0; epoch < LATE; epoch++) {
    const footprint = await footprintOf(() => tracker.checkpoint(model, { epoch }));
    const state = footprint.after - before;
    at.set(epoch + 1, { state, beyond: footprint.peak - before - state });
  }
  const plan = tracker.plan();
  tracker.dispose();
  return { plan, at, left: tf.memory().numBytes - before };
}

const bare = await workingSet();
console.log(
  `\nLeNet 28 x 28, ${SIZE} examples in chunks of ${CHUNK}; working set of a bare pass: ${bare} bytes; logits: ${SHARED_LOGITS}`,
);
const rows = [
  ['', 'plan()', `state at ${EARLY}`, `state at ${LATE}`, `beyond at ${EARLY}`, `beyond at ${LATE}`, 'left'],
];
const missed: string[] = [];
const variants: Record<string, Pick<TrackerOptions, 'metrics' | 'windows'>> = {
  'vog()': { metrics: [vog()] },
  'vog(), three stages': { metrics: [vog()], windows: stages(3) },
  'vog({ pool: 2 })': { metrics: [vog({ pool: 2 })] },
};
for (const [name, options] of Object.entries(variants)) {
  const { plan, at, left } = await keptBy(options);
  const [early, late] = [at.get(EARLY)!, at.get(LATE)!];
  rows.push([name, ...[plan.stateBytes, early.state, late.state, early.beyond, late.beyond, left].map(String)]);
  const demand = (claim: string, holds: boolean): void => void (holds || missed.push(`${name}: ${claim}`));
  demand('state = plan().stateBytes', late.state === plan.stateBytes);
  // Each stage has a state of its own, which begins with its first checkpoint.
  demand(`state at ${EARLY} = state at ${LATE}`, early.state === late.state || options.windows !== undefined);
  demand(`beyond at ${EARLY} = beyond at ${LATE}`, early.beyond === late.beyond);
  const most = Math.max(...[...at.values()].map(({ beyond }) => beyond));
  demand('beyond <= working set of a bare pass, and its logits', most <= bare + SHARED_LOGITS);
  demand('nothing is left after dispose()', left === 0);
}
console.log(table(rows));
if (missed.length > 0) {
  console.log(`MISSED\n${missed.join('\n')}`);
  process.exitCode = 1;
} else {
  console.log(
    'all met: state = plan(); what a checkpoint takes beyond it is the working set of a bare pass, and its logits',
  );
}
