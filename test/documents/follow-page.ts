// Follows a page up to its first look at a run: its first program, then its `npx vogjs score` as it is written.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blocksOf, kindOf } from './blocks.js';

const root = new URL('../../', import.meta.url);

function run(...args: string[]): void {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('scripts/ts.mjs', root)), ...args],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
}

/** @param page name of a page of docs, whose first program prepares the data */
export function followPage(page: string): void {
  const blocks = blocksOf(readFileSync(new URL(`docs/${page}`, root), 'utf8'));
  const first = blocks.find(({ language }) => language === 'js');
  if (first === undefined) throw new Error(`${page} has no program that prepares its data`);
  writeFileSync('prepare.mjs', first.code);
  run('prepare.mjs');
  const lines = blocks
    .filter(({ language }) => kindOf(language) === 'commands')
    .flatMap(({ code }) => code.split('\n'));
  const score = lines.find((line) => line.startsWith('npx vogjs score '));
  if (score === undefined) throw new Error(`${page} scores nothing`);
  const words = score.split(/\s+/).slice(2);
  run(fileURLToPath(new URL('packages/vogjs/src/main.ts', root)), ...words);
}
