import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contentOfFiles } from '../data/content.js';
import type { Dataset } from '../data/dataset.js';
import type { Scoring } from '../follow/work.js';
import { gridOf } from './cut.js';
import { difference, factsOf } from './facts.js';

const test = suite('facts of shards');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-facts-'));
test.after(() => rmSync(folder, { recursive: true }));

const inputs = { size: 4, shape: [2], read: () => new Float32Array(8) };
const dataset = { size: 4, ids: ['a', 'b', 'c', 'd'], inputs } as unknown as Dataset;
const grid = gridOf(dataset, 2);

test('checkpoints that change while a process runs are other ones; other times alone are not', async () => {
  const path = join(folder, 'weights');
  const checkpoints = { count: 1, sources: ['weights'], content: contentOfFiles([path]) };
  const following = { dataset, metrics: [], windows: undefined, chunkSize: 2 };
  const scoring = { following, checkpoints } as unknown as Scoring;
  const facts = () => factsOf(scoring, grid, 'cpu', 'tfjs', 'rows');
  writeFileSync(path, 'one');
  const first = await facts();
  assert.equal(await facts(), first);
  utimesSync(path, 1e9, 1e9);
  assert.equal(await facts(), first);
  writeFileSync(path, 'two');
  assert.is(difference(first, await facts()), 'other checkpoints');
});

test.run();
