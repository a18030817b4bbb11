// Our checkpoint pass beside what one would use in its place: PyTorch by hand, Datagnosis, the authors' way.
import { selectBackend } from '@vogjs/core/node';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { machineLine } from './harness.js';
import { remember } from './history.js';
import { CASES, type Case, writeCase } from './peers/cases.js';
import { type Environment, peersEnvironment } from './peers/environment.js';
import { measure, type Peer, scoresOf, type Surroundings } from './peers/measure.js';
import { ourCommand } from './peers/our-peer.js';
import { agreementOf, caseTable, processorPerImage, speedRatio, verdicts, withReport } from './peers/report.js';
import { coresToPin, Worker } from './peers/worker.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const SCRATCH = join(REPOSITORY, '.scratch/peers');
const DOCUMENT = join(REPOSITORY, 'docs/benchmarks.md');
const byName = process.env['VOGJS_BENCH_NAMED'] === '1';
const log = (line: string): void => console.log(line);

/** Our side on every backend that has a row when it starts here, fastest first. */
const BACKENDS = ['tfjs-node', 'webgpu', 'wasm'] as const;
type OurBackend = (typeof BACKENDS)[number];
const NAMES = {
  native: 'VoG.js, native',
  withoutOneDnn: 'VoG.js, native, no oneDNN',
  pytorch: 'PyTorch by hand',
  compiled: 'torch.compile by hand',
  jax: 'JAX, jitted',
  datagnosis: 'Datagnosis',
} as const;
const ourName = (backend: OurBackend): string => (backend === 'tfjs-node' ? NAMES.native : `VoG.js, ${backend}`);

function ours(backend: OurBackend, slow: boolean): Peer {
  return { name: ourName(backend), slow, command: ourCommand(backend) };
}

/**
 * TensorFlow's convolutions by its own kernels. It takes oneDNN's by itself only on processors with instructions for
 * neural networks (AVX-512 VNNI and later); selectBackend asks for them anywhere.
 */
const withoutOneDnn = (peer: Peer): Peer => ({
  ...peer,
  name: NAMES.withoutOneDnn,
  environment: { TF_ENABLE_ONEDNN_OPTS: '0' },
});

function pythonPeer(python: string, name: string, kind: string, slow = false): Peer {
  const entry = join(REPOSITORY, 'test/bench/peers/python/peer.py');
  return { name, slow, command: (folder) => [python, entry, folder, kind] };
}

function jaxPeer(python: string): Peer {
  const entry = join(REPOSITORY, 'test/bench/peers/python/jax_peer.py');
  return { name: NAMES.jax, slow: false, command: (folder) => [python, entry, folder] };
}

/** Backends that start here, and a line on each that does not. */
async function backendsHere(folder: string, cores: string | null): Promise<{ found: OurBackend[]; absent: string[] }> {
  const found: OurBackend[] = [];
  const absent: string[] = [];
  for (const backend of BACKENDS) {
    try {
      const { worker } = await Worker.start(backend, ours(backend, false).command(folder), cores);
      await worker.stop();
      found.push(backend);
    } catch (error) {
      absent.push(`no row ${ourName(backend)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { found, absent };
}

/** Where Datagnosis's scores differ from ours, and that they do not once order and formula are the same. */
async function onDatagnosis(each: Case, where: Surroundings, baseline: OurBackend, python: string): Promise<string> {
  const unshuffled = await scoresOf(each, pythonPeer(python, NAMES.datagnosis, 'datagnosis-unshuffled'), where);
  const [logit, softmax] = await Promise.all(
    (['logit', 'softmax'] as const).map((activation) => scoresOf(each, ours(baseline, false), where, activation)),
  );
  const text = (reference: readonly number[]): string => {
    const { spearman, largest } = agreementOf(unshuffled, reference);
    return `Spearman ${spearman.toFixed(4)}, largest difference ${largest.toExponential(1)}`;
  };
  return [
    'Datagnosis over its unshuffled loader',
    `against vog({ activation: 'logit' }): ${text(logit!)}`,
    `against vog(): ${text(softmax!)}`,
  ].join('\n  ');
}

async function compareCase(
  each: Case,
  environment: Environment,
  backends: readonly OurBackend[],
  baseline: OurBackend,
  where: Surroundings,
): Promise<{ readonly text: string; readonly met: boolean }> {
  const { python } = environment;
  const peers: Peer[] = [
    ...backends.map((backend) => ours(backend, backend === 'wasm' && each.network === 'resnet18')),
    ...(backends.includes('tfjs-node') ? [withoutOneDnn(ours('tfjs-node', false))] : []),
    pythonPeer(python, NAMES.pytorch, 'streaming'),
    ...(environment.compiles ? [pythonPeer(python, NAMES.compiled, 'compiled')] : []),
    jaxPeer(python),
    ...(each.datagnosis ? [pythonPeer(python, NAMES.datagnosis, 'datagnosis', true)] : []),
    pythonPeer(python, 'one at a time, on disk', 'one-at-a-time', true),
  ];
  const rows = await measure(each, peers, where);
  const reference = rows.find(({ name }) => name === ourName(baseline))!;
  const { native, pytorch, compiled, jax, datagnosis } = NAMES;
  const by = where.cores !== null && /^\d+$/.test(where.cores) ? 'processor' : 'wall';
  const references = [pytorch, compiled, jax];
  remember(
    rows.flatMap((row) => [
      {
        title: each.title,
        name: row.name,
        value: Number(speedRatio(row, reference).median.toPrecision(3)),
        unit: `of ${reference.name}`,
      },
      {
        title: each.title,
        name: row.name,
        value: Number(processorPerImage(row, each.examples * each.checkpoints).toPrecision(4)),
        unit: 'CPU us an image',
      },
    ]),
  );
  const judged = verdicts(rows, { native, references, datagnosis }, { atLeast: each.atLeast, by });
  const disk = rows.at(-1)!.memory?.disk;
  const sizes = `${each.examples} images x ${each.checkpoints} checkpoints in chunks of ${each.chunkSize}`;
  const lines = [
    `${each.title}: ${sizes}; memory at ${each.memoryExamples} images`,
    caseTable(rows, reference, each.examples * each.checkpoints),
    ...(each.datagnosis ? [await onDatagnosis(each, where, baseline, python)] : []),
    ...(disk === undefined ? [] : [`one at a time: ${(disk / 2 ** 20).toFixed(0)} MiB on disk after 50 checkpoints`]),
    ...judged.map(({ text }) => text),
  ];
  return { text: lines.join('\n'), met: judged.every(({ met }) => met) };
}

async function main(environment: Environment): Promise<void> {
  const began = performance.now();
  const cores = coresToPin();
  const load = loadavg()[0]?.toFixed(1);
  // TensorFlow tells of the instructions it uses.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  try {
    await selectBackend('tfjs-node');
  } catch {
    await selectBackend('wasm');
  }
  const cases = new Map<Case, Surroundings>();
  const skipped: string[] = [];
  for (const each of CASES) {
    const folder = join(SCRATCH, each.network);
    if (await writeCase(each, folder)) cases.set(each, { folder, cores, measuresMemory: cores !== null, log });
    else skipped.push(`skipped, for want of ../shared/data: ${each.title}`);
  }
  const { found, absent } = await backendsHere([...cases.values()][0]!.folder, cores);
  const asked = process.env['VOGJS_BENCH_BACKEND'];
  const baseline = found.find((backend) => asked === undefined || asked === '' || backend === asked);
  if (baseline === undefined) throw new Error(`--backend ${asked}: it has no row here; there are ${found.join(', ')}`);

  const pinned = cores === null ? 'not pinned' : `all pinned to cores ${cores}`;
  const parts = [`${machineLine(`${ourName(baseline)} is ours`)} | ${pinned} | load ${load} before`];
  parts.push(
    [
      environment.versions,
      ...absent,
      ...skipped,
      ...(environment.compiles ? [] : ['no row torch.compile by hand: it needs a C++ compiler']),
    ].join('\n'),
  );
  let met = true;
  for (const [each, where] of cases) {
    const result = await compareCase(each, environment, found, baseline, where);
    met &&= result.met;
    parts.push(result.text);
    console.log(`\n${result.text}\n`);
  }
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  parts.push(`${date} UTC, ${minutes} minutes, load ${loadavg()[0]?.toFixed(1)} after`);
  const report = `\`\`\`text\n${parts.join('\n\n')}\n\`\`\``;
  if (process.env['VOGJS_BENCH_WRITE'] === '1') {
    writeFileSync(DOCUMENT, withReport(readFileSync(DOCUMENT, 'utf8'), report));
    console.log('written into docs/benchmarks.md');
  }
  console.log(`\n${report}`);
  if (!met) process.exitCode = 1;
}

mkdirSync(SCRATCH, { recursive: true });
// Large downloads only for who asked for this benchmark.
const environment = peersEnvironment(join(SCRATCH, 'environment'), byName);
if ('reason' in environment) {
  console.log(`no table of peers: their scratch environment cannot be made here: ${environment.reason}`);
  process.exitCode = byName ? 1 : 0;
} else {
  await main(environment);
}
