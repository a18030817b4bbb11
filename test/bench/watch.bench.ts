// What a training pays for being scored beside: the same fit without saving, with saving, and with `vogjs score --watch` in
// another process. Wall time, since that is what the training waits; on one core the two would share it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '@vogjs/base';
import { writeNpy } from '@vogjs/formats';
import { benchBackend } from './backend.js';
import { roundsOr, spreadOf, table } from './harness.js';
import { saveLabels, saveModel, saveWeights } from './saved-model.js';

const EXAMPLES = Number(process.env['VOGJS_BENCH_EXAMPLES'] ?? 4000);
const PROBE = 1000;
const EPOCHS = 5;
/** Share of the training's own time that saving and being watched may add. */
const LIMIT = 0.03;
const WAYS = ['alone', 'saving', 'watched'] as const;
type Way = (typeof WAYS)[number];

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vogjs-watch-'));
const random = seededRandom(1);
const pixels = Float32Array.from({ length: EXAMPLES * 784 }, () => random.uniform());
const labels = Int32Array.from({ length: EXAMPLES }, (_, row) => row % 10);

/** LeNet-5 with relu and max pools. */
function network(): tf.LayersModel {
  const { conv2d, dense, flatten, maxPooling2d } = tf.layers;
  const seeded = (seed: number) => ({ kernelInitializer: tf.initializers.glorotNormal({ seed }) });
  const model = tf.sequential({
    layers: [
      conv2d({
        name: 'c1',
        inputShape: [28, 28, 1],
        filters: 6,
        kernelSize: 5,
        padding: 'same',
        activation: 'relu',
        ...seeded(1),
      }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ name: 'c2', filters: 16, kernelSize: 5, activation: 'relu', ...seeded(2) }),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ name: 'd1', units: 120, activation: 'relu', ...seeded(3) }),
      dense({ name: 'd2', units: 84, activation: 'relu', ...seeded(4) }),
      dense({ name: 'd3', units: 10, activation: 'softmax', ...seeded(5) }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.05), loss: 'categoricalCrossentropy' });
  return model;
}

writeFileSync(join(folder, 'probe.npy'), writeNpy({ data: pixels.slice(0, PROBE * 784), shape: [PROBE, 28, 28, 1] }));
saveLabels(labels.subarray(0, PROBE), folder);
await saveModel(network(), folder);

let round = 0;
function watcher(place: string): ChildProcess {
  const flags = `--labels labels.csv --model model.json --checkpoints ${place}/*.safetensors --watch ${EPOCHS} --backend wasm`;
  const entry = [join(root, 'scripts/ts.mjs'), join(root, 'packages/vogjs/src/main.ts'), 'score', 'probe.npy'];
  return spawn(process.execPath, [...entry, ...flags.split(' '), '--out', `run-${round}`], {
    cwd: folder,
    stdio: 'ignore',
  });
}

/** Milliseconds of one fit. */
async function fit(way: Way): Promise<number> {
  round += 1;
  const place = `ckpt-${round}`;
  mkdirSync(join(folder, place));
  const child = way === 'watched' ? watcher(place) : null;
  const xs = tf.tensor4d(pixels, [EXAMPLES, 28, 28, 1]);
  const ys = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), 10), 'float32') as tf.Tensor2D);
  const model = network();
  const callbacks = {
    onEpochEnd: async (epoch: number): Promise<void> => {
      if (way !== 'alone') await saveWeights(model, join(folder, place, `epoch-${epoch}.safetensors`));
    },
  };
  // It starts before the clock does: a training lasts hours.
  if (child !== null) await new Promise((resolve) => setTimeout(resolve, 4000));
  const begun = performance.now();
  await model.fit(xs, ys, { epochs: EPOCHS, batchSize: 32, verbose: 0, callbacks });
  const took = performance.now() - begun;
  model.dispose();
  tf.dispose([xs, ys]);
  if (child !== null) {
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`vogjs score --watch ended with ${code}`);
  }
  return took;
}

await benchBackend();
await fit('saving');
const times: Record<Way, number[]> = { alone: [], saving: [], watched: [] };
const shares: number[] = [];
for (let turn = 0; turn < roundsOr(5); turn++) {
  for (const way of turn % 2 === 0 ? WAYS : WAYS.toReversed()) times[way].push(await fit(way));
  shares.push((times.watched.at(-1) as number) / (times.alone.at(-1) as number) - 1);
}
rmSync(folder, { recursive: true });
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
console.log(
  table([
    ['', 'ms, median', 'least'],
    ...WAYS.map((way) => [way, spreadOf(times[way]).median.toFixed(0), spreadOf(times[way]).min.toFixed(0)]),
  ]),
);
const { median, min, max } = spreadOf(shares);
const least = spreadOf(times.watched).min / spreadOf(times.alone).min - 1;
console.log(
  `LeNet, ${EXAMPLES} examples, ${EPOCHS} epochs, ${PROBE} scored: ${percent(median)} more (${percent(min)} to ${percent(max)}), by the least of each ${percent(least)}`,
);
if (median > LIMIT && least > LIMIT) {
  console.error(`above ${percent(LIMIT)}`);
  process.exitCode = 1;
}
