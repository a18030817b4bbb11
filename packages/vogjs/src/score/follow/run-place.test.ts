import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { createRun } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stampsOf } from '../data/stamps.js';
import { lookAt } from './run-place.js';

const test = suite('the place of a run');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-place-'));
test.after(() => rmSync(folder, { recursive: true }));

test('a run is gone on with only for the same options, data and checkpoints, and the message says what differs', async () => {
  const place = join(folder, 'run');
  const config = { data: 'photos', epochs: 3 };
  const made = { data: 'd1', model: 'm1' };
  assert.is((await lookAt(place, config, made)).place.before, null);
  await createRun(place, {
    examples: 2,
    config,
    data: { source: 'photos', fingerprint: 'd1', kind: 'images' },
    model: { name: 'net', hash: 'm1' },
  });
  assert.is((await lookAt(place, { ...config, out: 'elsewhere' }, made)).place.before?.manifest.state, 'running');
  for (const [asked, other, says] of [
    [{ ...config, epochs: 4 }, made, /epochs was \S+, and is \S+ now/],
    [config, { ...made, data: 'd2' }, /other data/],
    [config, { ...made, model: 'm2' }, /other checkpoints/],
  ] as const) {
    const error: unknown = await lookAt(place, asked, other).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof VogError && error.code === 'RUN_EXISTS', String(error));
    assert.match((error as VogError).message, says);
  }
});

test('the stamp of a file, and of a folder by its files, tells what was written since', async () => {
  const file = join(folder, 'weights.safetensors');
  writeFileSync(file, 'one');
  utimesSync(file, 1000, 1000);
  const before = await stampsOf([file, folder]);
  assert.equal(await stampsOf([file, folder]), before);
  writeFileSync(file, 'two');
  const after = await stampsOf([file, folder]);
  assert.is(after.length, before.length);
  assert.is.not(after[0], before[0]);
  assert.is.not(String(after), String(before));
});

test.run();
