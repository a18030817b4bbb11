// What a dashboard with a page at it costs a training, in processor time of the whole process: the same fit with and
// without, in turns. A page's work is its browser's; here a client reads the events as one does.
import process from 'node:process';
import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '@vogjs/base';
import { fitCallback } from '@vogjs/callback';
import { createTracker } from '@vogjs/core';
import { dashboard, type Dashboard } from '@vogjs/explorer';
import { aum, meanLoss, vog } from '@vogjs/metrics';
import { benchBackend } from './backend.js';
import { roundsOr, spreadOf, table } from './harness.js';

const EXAMPLES = Number(process.env['VOGJS_BENCH_EXAMPLES'] ?? 2000);
const EPOCHS = 4;
const [SIDE, CLASSES] = [28, 10];
/** Share of the processor time of training that the median round may not pass. */
const LIMIT = 0.01;

const random = seededRandom(1);
const pixels = Float32Array.from({ length: EXAMPLES * SIDE * SIDE }, () => random.uniform());
const labels = Int32Array.from({ length: EXAMPLES }, (_, row) => row % CLASSES);

function network(): tf.LayersModel {
  const { conv2d, dense, flatten, maxPooling2d } = tf.layers;
  const seeded = (seed: number) => ({ kernelInitializer: tf.initializers.glorotNormal({ seed }) });
  const model = tf.sequential({
    layers: [
      conv2d({ inputShape: [SIDE, SIDE, 1], filters: 16, kernelSize: 3, activation: 'relu', ...seeded(1) }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 32, kernelSize: 3, activation: 'relu', ...seeded(2) }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: CLASSES, activation: 'softmax', ...seeded(3) }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.05), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

/** Reads all events of the run, as a page does, until the server ends. */
async function read({ port, token }: Dashboard): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await fetch(`http://127.0.0.1:${port}/api/runs/0/events`, { headers });
  let bytes = 0;
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) bytes += chunk.length;
  } catch {
    // The server closed.
  }
  return bytes;
}

/** Processor time of one fit, in milliseconds, and what a page was told of it. */
async function fit(isWatched: boolean): Promise<{ readonly processor: number; readonly bytes: number }> {
  const xs = tf.tensor4d(pixels, [EXAMPLES, SIDE, SIDE, 1]);
  const ys = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES), 'float32') as tf.Tensor2D);
  const model = network();
  const tracker = createTracker({ inputs: xs, labels, metrics: [vog(), meanLoss(), aum()], chunkSize: 100 });
  const board = isWatched ? await dashboard(tracker) : null;
  const reading = board === null ? Promise.resolve(0) : read(board);
  const begun = process.cpuUsage();
  await model.fit(xs, ys, { epochs: EPOCHS, batchSize: 32, verbose: 0, callbacks: [fitCallback(tracker)] });
  const { user, system } = process.cpuUsage(begun);
  await board?.close();
  tracker.dispose();
  model.dispose();
  tf.dispose([xs, ys]);
  return { processor: (user + system) / 1000, bytes: await reading };
}

await benchBackend();
await fit(false);
await fit(true);
const times: Record<'watched' | 'alone', number[]> = { watched: [], alone: [] };
const shares: number[] = [];
let bytes = 0;
for (let round = 0; round < roundsOr(7); round++) {
  const order = round % 2 === 0 ? [true, false] : [false, true];
  const took: number[] = [];
  for (const isWatched of order) {
    const result = await fit(isWatched);
    times[isWatched ? 'watched' : 'alone'].push(result.processor);
    took[Number(isWatched)] = result.processor;
    bytes = Math.max(bytes, result.bytes);
  }
  shares.push((took[1] as number) / (took[0] as number) - 1);
}
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const { median, min, max } = spreadOf(shares);
console.log(
  table([
    ['', 'ms of the processor, median', 'least'],
    ...Object.entries(times).map(([name, all]) => [
      name,
      spreadOf(all).median.toFixed(0),
      spreadOf(all).min.toFixed(0),
    ]),
  ]),
);
console.log(
  `${EXAMPLES} examples, ${EPOCHS} checkpoints, 3 metrics, ${bytes} bytes to the page: a round costs ${percent(median)} more (${percent(min)} to ${percent(max)}), by the least of each ${percent(spreadOf(times.watched).min / spreadOf(times.alone).min - 1)}`,
);
if (spreadOf(times.watched).min / spreadOf(times.alone).min - 1 > LIMIT && median > LIMIT) {
  console.error(`above ${percent(LIMIT)}`);
  process.exitCode = 1;
}
