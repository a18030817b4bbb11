// Only with --all: it looks at data and scores a part of it
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { seededRandom, writeNpy } from '@vogjs/formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ended, vogjs } from '../command-line.test.helper.js';

const test = suite('vogjs template');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-template-'));
const start = process.cwd();
const [CHECKPOINTS, EXAMPLES, CLASSES] = [6, 40, 3];
test.before(() => {
  process.chdir(folder);
  const random = seededRandom(2);
  const data = Float32Array.from({ length: CHECKPOINTS * EXAMPLES * CLASSES }, () => random.normal());
  writeFileSync('logits.npy', writeNpy({ data, shape: [CHECKPOINTS, EXAMPLES, CLASSES] }));
  const rows = Array.from({ length: EXAMPLES }, (_, row) => `${row},${row % CLASSES}`);
  writeFileSync('labels.csv', `id,label\n${rows.join('\n')}\n`);
});
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

function template(kind: string, ...args: string[]): Promise<Ended> {
  const data = ['--logits', 'logits.npy', '--labels', 'labels.csv', '--chunk-size', '10', '--backend', 'cpu'];
  return vogjs('template', kind, ...data, '--out', 'runs/parts', ...args);
}

test('by rows there are as many shards as chunks, and by checkpoints as many as these, which every command says', async () => {
  const rows = await template('slurm');
  assert.is(rows.code, 0, rows.error);
  assert.match(rows.out, '#SBATCH --array=1-4\n');
  assert.not.match(rows.out, '--by');
  for (const kind of ['slurm', 'kubernetes', 'docker-compose']) {
    const { code, out, error } = await template(kind, '--by', 'checkpoints');
    assert.is(code, 0, error);
    assert.match(out, kind === 'docker-compose' ? '"--by", "checkpoints"' : '--by checkpoints');
    assert.match(out, `in ${CHECKPOINTS} shards`);
  }
});

test('a shard of the file is one that vogjs score takes and vogjs merge joins', async () => {
  const { out } = await template('slurm', '--by', 'checkpoints', '--shards', '2');
  const line = out.split('\n').find((each) => each.startsWith('npx vogjs score')) ?? '';
  const words = line.replaceAll('"', '').split(' ').slice(2);
  for (const shard of ['1', '2']) {
    const ended = await vogjs(...words.map((word) => word.replace('$SLURM_ARRAY_TASK_ID', shard)));
    assert.is(ended.code, 0, ended.error);
  }
  assert.is((await vogjs('merge', 'runs/parts')).code, 0);
});

test('more shards than there are parts, and metrics that cannot be joined, are refused with their number', async () => {
  for (const [args, said] of [
    [['--shards', '5'], /4 chunks/],
    [['--by', 'checkpoints', '--shards', '7'], /6 checkpoints/],
    [['--by', 'columns'], /--by must be/],
  ] as const) {
    const { code, error } = await template('slurm', ...args);
    assert.is.not(code, 0);
    assert.match(error, said);
  }
});

test.run();
