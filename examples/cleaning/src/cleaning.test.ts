// Only with --all: it runs an experiment at toy size
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '@vogjs/example-shared';
import { runQuietly } from '@vogjs/example-shared/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cleaningExample } from './program.js';

const test = suite('cleaning example');
const TINY = ['--quick', '--examples', '300', '--test', '60', '--width', '2', '--batch-size', '20'];

let folder = '';
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'));
});
test.after(() => rm(folder, { recursive: true }));

const run = (...args: string[]) => runQuietly(cleaningExample, args);

test('a tiny run: nine methods, one file each; a second call trains nothing and ends in the same tables', async () => {
  const args = [...TINY, '--noises', 'uniform-40', '--seeds', '1', '--backend', 'wasm', '--out', folder];
  const first = await run(...args);
  assert.is(first.code, EXIT.done, first.output);
  assert.is((await readdir(folder)).length, 10);
  const tables = first.output.slice(first.output.indexOf('## '));
  assert.match(tables, /plain +\|.*\n(?:.*\|.*\n){8}/);
  assert.match(tables, /review 5000/);
  const trainings = first.output.match(/uniform-40, seed 1, /g);
  assert.is(trainings?.length, 9);
  const again = await run(...args);
  assert.not.match(again.output, /uniform-40, seed 1, /);
  assert.is(again.output.slice(again.output.indexOf('## ')), tables);
  const other = await run(...args, '--epochs', '2');
  assert.is(other.code, EXIT.usage);
  assert.match(other.output, /--out another folder/);
});

test('with --methods only these are trained, beside the plain training that they are measured against', async () => {
  const args = [...TINY, '--noises', 'class-20', '--seeds', '1', '--backend', 'wasm', '--epochs', '2'];
  const { code, output } = await run(...args, '--methods', 'correct suspects,drop suspects');
  assert.is(code, EXIT.done, output);
  const trained = [...output.matchAll(/class-20, seed 1, ([\w -]+):/g)].map(([, name]) => name);
  assert.equal(trained, ['plain', 'drop suspects', 'correct suspects']);
  assert.match(output, /plain +\|.*\n(?:.*\|.*\n){2}\n/);
  assert.not.match(output, /labels reviewed/);
});

test('wrong options and missing data end with code 2 and say what to do', async () => {
  for (const args of [
    ['--noises', 'loud'],
    ['--methods', 'plain'],
    ['--methods', 'drop suspects,pray'],
    ['--held-out', '200', '--examples', '300'],
    ['--epochs', '1'],
    ['--data', join(folder, 'nowhere')],
  ]) {
    const { code, output } = await run(...args);
    assert.is(code, EXIT.usage, `${args.join(' ')}: ${output}`);
    assert.match(output, '--');
  }
});

test.run();
