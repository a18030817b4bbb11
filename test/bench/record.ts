// Adds what the benchmarks of one run left to docs/benchmarks.json, and draws docs/benchmarks.html.
// usage: node scripts/ts.mjs test/bench/record.ts FIGURES BACKEND LOAD
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { machineLine } from './harness.js';
import { type Entry, type Figure, pageOf, withEntry } from './history.js';

const [file = '', backend = '', load = ''] = process.argv.slice(2);
const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const git = (...args: string[]): string => execFileSync('git', args, { cwd: docs, encoding: 'utf8' }).trim();
const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
if (lines.length === 0) {
  console.error('these benchmarks leave no figures to record');
  process.exit(1);
}
const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' and changes';
const entry: Entry = {
  commit: `${git('rev-parse', '--short=9', 'HEAD')}${changed}`,
  date: new Date().toISOString().slice(0, 10),
  machine: machineLine(backend),
  load: Number(load),
  figures: lines.map((line) => JSON.parse(line) as Figure),
};
const path = join(docs, 'benchmarks.json');
const history = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Entry[]) : [];
const next = withEntry(history, entry);
writeFileSync(path, `${JSON.stringify(next, null, 2)}\n`);
writeFileSync(join(docs, 'benchmarks.html'), pageOf(next));
console.log(`${entry.figures.length} figures of ${entry.commit} recorded in docs/benchmarks.json`);
