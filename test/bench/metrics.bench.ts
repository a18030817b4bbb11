// What all forward-only metrics add to a checkpoint of VoG alone.
import { createTracker, loss, type Metric, needsOf, type Tracker } from '@vogjs/core';
import { uniformFrom } from '@vogjs/testing';
import { trackerMetrics, trajectoryVariance, vog } from '@vogjs/metrics';
import { lenet, normalBatch, seedWeights } from '../zoo.js';
import { benchBackend } from './backend.js';
import { compare } from './harness.js';

const [CHUNK, CHUNKS, CLASSES] = [256, 2, 10];
/** The most that a checkpoint with all forward-only metrics may cost, in checkpoints of VoG alone. */
const AT_MOST = 1.15;

const forwardOnly = (): Metric[] =>
  [...trackerMetrics.map((make) => make()), trajectoryVariance(loss)].filter(
    ({ requires }) => needsOf([requires]).gradients.size === 0,
  );

await benchBackend();
const model = seedWeights(lenet(), 1);
const size = CHUNK * CHUNKS;
const inputs = normalBatch(model, size, uniformFrom(1));
const labels = Int32Array.from({ length: size }, (_, i) => i % CLASSES);
const trackerOf = (metrics: readonly Metric[]): Tracker =>
  createTracker({ inputs, labels, metrics, chunkSize: CHUNK, classes: CLASSES });
const alone = trackerOf([vog()]);
const together = trackerOf([vog(), ...forwardOnly()]);
const forward = trackerOf(forwardOnly());
let epoch = 0;
const checkpointOf = (tracker: Tracker) => (): Promise<void> => tracker.checkpoint(model, { epoch: epoch++ });

await compare(
  `LeNet 28 x 28, chunk ${CHUNK}: VoG and ${forwardOnly().length} forward-only metrics against VoG alone`,
  {
    'VoG alone': checkpointOf(alone),
    'VoG and all forward-only metrics': checkpointOf(together),
    'forward-only metrics without VoG': checkpointOf(forward),
  },
  {
    rounds: 41,
    warmup: 2,
    work: { count: size, unit: 'images' },
    targets: { 'VoG and all forward-only metrics': { atMost: AT_MOST } },
  },
);
for (const tracker of [alone, together, forward]) tracker.dispose();
inputs.dispose();
