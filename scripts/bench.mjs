// Runs the benchmarks, one after the other: two at once would time each other.
// usage: node scripts/bench.mjs [PATTERN ...] [--rounds N] [--backend NAME] [--write] [--record]
import './installed.mjs';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { filesUnder, select } from './runner/discover.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options, positionals: patterns } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    backend: { type: 'string' },
    write: { type: 'boolean' },
    record: { type: 'boolean' },
  },
});
if (options.rounds !== undefined && !(Number(options.rounds) >= 1)) {
  console.error(`--rounds must be a number from 1, not ${options.rounds}`);
  process.exit(2);
}

const { files, unanswered } = select(filesUnder(join(root, 'test/bench'), '.bench.ts').sort(), patterns, root);
for (const pattern of unanswered) console.error(`no benchmark's path contains "${pattern}"`);
if (files.length === 0) console.error('nothing to run');
if (options.write === true && !files.some((file) => basename(file) === 'peers.bench.ts')) {
  console.error(
    '--write puts the table of peers into docs/benchmarks.md: it needs that benchmark among those that run',
  );
  process.exit(2);
}

// `--record` adds the figures to docs/benchmarks.json, under this commit.
const figures = options.record === true ? mkdtempSync(join(tmpdir(), 'vogjs-bench-')) : null;
const load = loadavg()[0]?.toFixed(1) ?? 'NaN';
const ts = fileURLToPath(new URL('ts.mjs', import.meta.url));
const env = {
  ...process.env,
  ...(options.rounds === undefined ? {} : { VOGJS_BENCH_ROUNDS: options.rounds }),
  // What a benchmark does only for who asked for it: download, and write into the documents.
  ...(patterns.length > 0 ? { VOGJS_BENCH_NAMED: '1' } : {}),
  ...(options.write === true ? { VOGJS_BENCH_WRITE: '1' } : {}),
  ...(figures === null ? {} : { VOGJS_BENCH_FIGURES: join(figures, 'figures.jsonl') }),
  ...(options.backend === undefined ? {} : { VOGJS_BENCH_BACKEND: options.backend }),
};
/** @type {string[]} */
const failed = [];
for (const file of files) {
  const name = basename(file, '.bench.ts');
  console.log(`\n${name}\n${'='.repeat(name.length)}`);
  const { status } = spawnSync(process.execPath, [ts, file], { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) console.log(`\nfailed, or missed a target: ${failed.join(', ')}`);
if (figures !== null) {
  const args = [join(root, 'test/bench/record.ts'), join(figures, 'figures.jsonl'), options.backend ?? 'default', load];
  if (spawnSync(process.execPath, [ts, ...args], { cwd: root, stdio: 'inherit' }).status !== 0) failed.push('record');
  rmSync(figures, { recursive: true });
}
process.exitCode = failed.length + unanswered.length > 0 || files.length === 0 ? 1 : 0;
