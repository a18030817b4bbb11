// What choosing a chunk size costs of a first checkpoint: in examples passed, and in processor time of fresh processes,
// with the size chosen against the same size given. Other programs on the machine lengthen neither by much.
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Told } from './choosing/child.js';
import { machineLine, roundsOr, table } from './harness.js';
import { remember } from './history.js';

/** Examples of the probe; those of the checkpoint that is measured, where fewer are enough. */
const SETTINGS = [
  { network: 'mlp', probe: 10_000, measured: 10_000 },
  { network: 'lenet', probe: 10_000, measured: 10_000 },
  { network: 'lenet', probe: 200_000, measured: 10_000 },
  { network: 'resnet18', probe: 10_000, measured: 64 },
] as const;
const MOST = 0.03;

const backend = process.env['VOGJS_BENCH_BACKEND'] ?? 'wasm';
const root = fileURLToPath(new URL('../../', import.meta.url));
const entry = [join(root, 'scripts/ts.mjs'), join(root, 'test/bench/choosing/child.ts'), backend];

function child(...args: readonly (string | number)[]): Told {
  const told = execFileSync(process.execPath, [...entry, ...args.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(told.trim().split('\n').at(-1)!) as Told;
}

/** The least of several: what others did to the caches is not the choice's doing. */
const least = (all: readonly Told[], of: (told: Told) => number): number => Math.min(...all.map(of));

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const rows = [['', 'chosen', 'passed', 'of the probe', 'begin ms', 'checkpoint ms', 'costs', 'target']];
console.log(`${machineLine(backend)} | load ${loadavg()[0]?.toFixed(1)}`);
for (const { network, probe, measured } of SETTINGS) {
  const chosen: Told[] = [];
  const given: Told[] = [];
  for (let round = 0; round < roundsOr(3); round++) {
    chosen.push(child(network, probe, measured));
    given.push(child(network, probe, measured, chosen[0]!.chunkSize));
  }
  const { chunkSize, reason } = chosen[0]!;
  const passed = Math.max(...chosen.map((told) => told.passed));
  const [began, without] = [chosen, given].map((all) => least(all, ({ begin }) => begin));
  // A checkpoint of which only a stretch is passed is warm or cold alike: then `begin` alone tells what choosing took.
  const whole = ({ begin, checkpoint }: Told): number => (measured < probe ? begin : begin + checkpoint);
  const checkpoint = least(given, (told) => told.checkpoint);
  const costs = (least(chosen, whole) - least(given, whole)) / checkpoint;
  const met = passed <= Math.max(8, MOST * probe) && costs <= MOST;
  if (!met) process.exitCode = 1;
  rows.push([
    `${network}, ${probe} images`,
    String(chunkSize),
    String(passed),
    percent(passed / probe),
    `${began!.toFixed(0)} (given: ${without!.toFixed(0)})`,
    checkpoint.toFixed(0),
    percent(costs),
    `at most 3 %: ${met ? 'met' : 'MISSED'}`,
  ]);
  const title = `choosing a chunk size for ${probe} images of ${network}, ${backend}`;
  remember([
    { title, name: 'examples passed', value: passed, unit: 'examples' },
    { title, name: 'processor time', value: Number((100 * costs).toFixed(2)), unit: '% of a first checkpoint' },
  ]);
  console.log(`${network}, ${probe}: ${chosen.map((told) => told.chunkSize).join(', ')}; ${reason}`);
}
console.log(
  `\nA first checkpoint whose chunk size is chosen, against the same size given: processor time, least of rounds\n${table(rows)}`,
);
