// Recorded passes on native TensorFlow: a checkpoint beside the bare recorded pass that is the least it can cost, beside
// one operation at a time, and what recording takes of memory.
import { RecordedPasses } from '@vogjs/backend';
import { createTracker, inputGradientOf, type Moments, runningMoments } from '@vogjs/core';
import { type BackendName, selectBackend } from '@vogjs/core/node';
import { vog } from '@vogjs/metrics';
import { uniformFrom } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { normalBatch, seedWeights } from '../zoo.js';
import { compare, machineLine, processorTime, roundsOr, table } from './harness.js';
import { remember } from './history.js';
import { logitsByHand } from './models.js';
import { type Case, CASES, NETWORKS, writeCase } from './peers/cases.js';
import { memoryOf, type Peer } from './peers/measure.js';
import { ourCommand } from './peers/our-peer.js';
import { coresToPin } from './peers/worker.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BARE = 'bare recorded pass';
const RECORDED = 'tracker checkpoint';
const EAGER = 'tracker checkpoint, one operation at a time';
/** Of a checkpoint over the bare recorded pass. */
const MOST = 1.03;
/** Of memory over a process that records nothing. */
const MOST_MIB = 16;
/** Of memory from 5 to 50 checkpoints. */
const GROWTH_MIB = 8;

/** Forward pass, input gradient and a step of its moments for every chunk, recorded, and nothing else. */
async function barePass(model: tf.LayersModel, inputs: tf.Tensor, labels: Int32Array, size: number) {
  const recorded = new RecordedPasses();
  await recorded.load();
  const logits = logitsByHand(model);
  const chunks = Math.ceil(labels.length / size);
  const states: (Moments | undefined)[] = Array.from({ length: chunks });
  return {
    run(): void {
      for (let i = 0; i < chunks; i++) {
        const x = tf.slice(inputs, i * size, size);
        const own = labels.subarray(i * size, (i + 1) * size);
        const before = states[i] ?? tf.tidy(() => runningMoments.init(x.shape));
        states[i] = recorded.run(() =>
          tf.tidy(() => runningMoments.push(before, inputGradientOf(logits, x, own, { activation: 'softmax' }))),
        );
        tf.dispose([x, before]);
      }
    },
    dispose(): void {
      recorded.dispose();
      tf.dispose(states as tf.TensorContainer);
    },
  };
}

async function time({ title, network, examples, chunkSize, rounds }: Case): Promise<void> {
  const model = seedWeights(NETWORKS[network](), 1);
  const inputs = normalBatch(model, examples, uniformFrom(1));
  const labels = Int32Array.from({ length: examples }, (_, i) => i % 10);
  const [recorded, eager] = [true, false].map((recorded) =>
    createTracker({ inputs, labels, metrics: [vog({ channels: 'separate' })], chunkSize, recorded }),
  );
  const bare = await barePass(model, inputs, labels, chunkSize);
  let epoch = 0;
  await compare(
    `${title}: ${examples} images in chunks of ${chunkSize}, processor time`,
    {
      [BARE]: bare.run,
      [RECORDED]: () => recorded!.checkpoint(model, { epoch: epoch++ }),
      [EAGER]: () => eager!.checkpoint(model, { epoch: epoch++ }),
    },
    {
      rounds: roundsOr(5 * rounds[0]),
      warmup: network === 'resnet18' ? 1 : 5,
      work: { count: examples, unit: 'images' },
      targets: { [RECORDED]: { atMost: MOST } },
      now: processorTime,
    },
  );
  const { state, reason } = recorded!.plan().recorded;
  if (state !== 'recorded') throw new Error(`${title}: nothing was recorded: ${reason}`);
  bare.dispose();
  for (const tracker of [recorded, eager]) tracker!.dispose();
  inputs.dispose();
  model.dispose();
}

async function memory(each: Case, backend: BackendName): Promise<readonly string[] | null> {
  const folder = join(ROOT, '.scratch/peers', each.network);
  const cores = coresToPin();
  if (cores === null || !(await writeCase(each, folder))) return null;
  const mib = async (name: string, environment: Peer['environment'] = {}): Promise<readonly [number, number]> => {
    const peer = { name, slow: false, command: ourCommand(backend), environment };
    const { peaks } = await memoryOf(each, peer, { folder, cores });
    return [peaks[0]! / 2 ** 20, peaks[1]! / 2 ** 20];
  };
  const recorded = await mib('recorded');
  const eager = await mib('one operation at a time', { VOGJS_RECORDED: '0' });
  const more = recorded[1] - eager[1];
  const growth = recorded[1] - recorded[0];
  const met = more <= MOST_MIB && growth <= GROWTH_MIB;
  if (!met) process.exitCode = 1;
  const title = `${each.title}: memory of recorded passes`;
  remember([
    { title, name: 'over eager passes, at 50 checkpoints', value: Number(more.toFixed(1)), unit: 'MiB' },
    { title, name: 'growth from 5 to 50 checkpoints', value: Number(growth.toFixed(1)), unit: 'MiB' },
  ]);
  const shown = [...recorded, ...eager, more, growth].map((value) => value.toFixed(1));
  return [each.title, ...shown, met ? 'met' : 'MISSED'];
}

process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
const asked = (process.env['VOGJS_BENCH_BACKEND'] || 'tfjs-node') as BackendName;
const selected = await selectBackend(asked).catch((error: unknown) => error as Error);
if (selected instanceof Error || !selected.backend.startsWith('tfjs-node')) {
  const why = selected instanceof Error ? selected.message : `${selected.backend} records nothing`;
  console.log(`no table of recorded passes: ${why}`);
  // Who asked for this benchmark is told by the exit code too.
  if (process.env['VOGJS_BENCH_NAMED'] === '1') process.exitCode = 1;
} else {
  console.log(`${machineLine(`${selected.backend} (${selected.version})`)} | load ${loadavg()[0]?.toFixed(1)}`);
  for (const each of CASES) await time(each);
  const rows: (readonly string[])[] = [];
  for (const each of CASES) {
    const row = await memory(each, selected.backend);
    if (row !== null) rows.push(row);
  }
  const header = ['', 'recorded at 5', 'at 50', 'one at a time at 5', 'at 50', 'more', 'growth', 'target'];
  console.log(
    `\nMiB above the warm process: at most ${MOST_MIB} more than one operation at a time, and ${GROWTH_MIB} growth\n${table([header, ...rows])}`,
  );
}
