// Follows a page up to its first look at a run: the programs before its `npx vogjs score`, then that as it is written.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blocksOf, kindOf } from './blocks.js';

const root = new URL('../../', import.meta.url);
const SCORES = /^npx vogjs (?:score|merge) /m;

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

/**
 * @param page name of a page of docs, whose first programs prepare the data
 * @param all of its lines that score or merge, or the first alone
 */
export function followPage(page: string, all: 'all' | 'first' = 'first'): void {
  const blocks = blocksOf(readFileSync(new URL(`docs/${page}`, root), 'utf8'));
  const scoring = blocks.findIndex(({ language, code }) => kindOf(language) === 'commands' && SCORES.test(code));
  const programs = blocks.slice(0, scoring).filter(({ language }) => language === 'js');
  if (programs.length === 0) throw new Error(`${page} has no program that prepares its data`);
  for (const { code } of programs) {
    writeFileSync('prepare.mjs', code);
    run('prepare.mjs');
  }
  const lines = blocks
    .filter(({ language }) => kindOf(language) === 'commands')
    .flatMap(({ code }) => code.split('\n'));
  const commands = lines.filter((line) => SCORES.test(line));
  if (commands.length === 0) throw new Error(`${page} scores nothing`);
  for (const command of all === 'all' ? commands : commands.slice(0, 1)) {
    run(fileURLToPath(new URL('packages/vogjs/src/main.ts', root)), ...command.split(/\s+/).slice(2));
  }
}
