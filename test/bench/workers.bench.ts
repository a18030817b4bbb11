// What a second worker gains: `vogjs score` of saved checkpoints of ResNet-18 on WASM, by one process and by two. Wall time of
// whole commands, since that is what one waits for: start, shards and merge.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '@vogjs/base';
import { writeNpy } from '@vogjs/formats';
import { resnet18, seedWeights } from '../zoo.js';
import { machineLine, roundsOr, spreadOf, table } from './harness.js';
import { saveLabels, saveModel, saveWeights } from './saved-model.js';

const EXAMPLES = Number(process.env['VOGJS_BENCH_EXAMPLES'] ?? 512);
const CHECKPOINTS = 3;
/** Times that two workers must be as fast as one, on two free cores. */
const TARGET = 1.8;

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vogjs-workers-'));

/** A model.json, its checkpoints, images and labels. */
async function writeInputs(): Promise<void> {
  const random = seededRandom(1);
  const data = Float32Array.from({ length: EXAMPLES * 3072 }, () => random.normal());
  writeFileSync(join(folder, 'probe.npy'), writeNpy({ data, shape: [EXAMPLES, 32, 32, 3] }));
  saveLabels(
    Array.from({ length: EXAMPLES }, (_, row) => row % 10),
    folder,
  );
  mkdirSync(join(folder, 'ckpt'));
  const model = resnet18();
  await saveModel(model, folder);
  for (let checkpoint = 0; checkpoint < CHECKPOINTS; checkpoint++) {
    seedWeights(model, checkpoint + 1);
    await saveWeights(model, join(folder, 'ckpt', `epoch-${checkpoint}.safetensors`));
  }
  model.dispose();
}

let round = 0;
/** Seconds of one command. */
function score(workers: number): number {
  const entry = [join(root, 'scripts/ts.mjs'), join(root, 'packages/vogjs/src/main.ts'), 'score', 'probe.npy'];
  const flags = `--labels labels.csv --model model.json --checkpoints ckpt/*.safetensors --backend wasm --metrics vog --chunk-size 32 --workers ${workers} --out run-${round++}`;
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...entry, ...flags.split(' ')], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`vogjs score ended with ${status}: ${stderr}`);
  return (performance.now() - begun) / 1000;
}

console.log(`${machineLine('wasm')} | load ${loadavg()[0]?.toFixed(1)}`);
try {
  await tf.setBackend('cpu');
  await writeInputs();
  const times = { one: [] as number[], two: [] as number[] };
  for (let turn = 0; turn < roundsOr(3); turn++) {
    for (const workers of turn % 2 === 0 ? [1, 2] : [2, 1]) times[workers === 1 ? 'one' : 'two'].push(score(workers));
  }
  const gain = spreadOf(times.one.map((seconds, at) => seconds / (times.two[at] as number)));
  console.log(
    table([
      ['', 'seconds, median', 'min - max'],
      ...Object.entries(times).map(([name, list]) => {
        const { median, min, max } = spreadOf(list);
        return [`${name} at work`, median.toFixed(1), `${min.toFixed(1)} - ${max.toFixed(1)}`];
      }),
    ]),
  );
  const verdict = gain.median >= TARGET ? 'met' : 'MISSED';
  console.log(
    `ResNet-18, ${EXAMPLES} images, ${CHECKPOINTS} checkpoints: two are ${gain.median.toFixed(2)} times as fast (${gain.min.toFixed(2)} - ${gain.max.toFixed(2)}), at least ${TARGET}: ${verdict}`,
  );
  if (gain.median < TARGET) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
