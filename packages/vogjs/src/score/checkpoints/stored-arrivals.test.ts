// Only with --all: it waits for checkpoints
// Checkpoints that are put into a bucket while they are scored.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRun } from '@vogjs/run';
import { SECRET, startStore, type Store } from '@vogjs/testing/failing-store';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ended, vogjs } from '../../command-line.test.helper.js';
import { scoreOf, writeCheckpoints } from '../shards/shards.test.helper.js';

const test = suite('checkpoints that are put into a bucket meanwhile');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-stored-arrivals-'));
const data = join(folder, 'data');
const kept = { ...process.env };
const ASKED = ['--chunk-size', '5', '--backend', 'cpu'];
let store: Store;

test.before(async () => {
  store = await startStore();
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, store.environment, { VOGJS_CACHE: join(folder, 'copies') });
  await writeCheckpoints(data);
});
test.after(async () => {
  process.env = kept;
  await store.close();
  rmSync(folder, { recursive: true });
});

const read = (epoch: number, file: string): Buffer => readFileSync(join(data, `ckpt/epoch-${epoch}`, file));
const put = (place: string, epoch: number, file: string): void =>
  void store.files.set(`${place}/epoch-${epoch}/${file}`, read(epoch, file));
const lists = (): number => store.asked.filter(({ line }) => line.includes('list-type')).length;

/** Waits until the store was listed so often again. */
async function looks(times: number): Promise<void> {
  const before = lists();
  while (lists() < before + times) await sleep(50);
}

function watch(place: string, out: string, ...more: string[]): Promise<Ended> {
  const [command, rows, ...rest] = scoreOf(data, ...ASKED, '--out', join(folder, out), ...more);
  return vogjs(
    command as string,
    rows as string,
    ...rest.map((word) => word.replace(join(data, 'ckpt'), `s3://bucket/${place}`)),
  );
}

test('put one file after the other, with a store that is slow meanwhile: the table is that of scoring them afterwards', async () => {
  const watched = watch('slow', 'slow', '--watch', '4');
  await looks(1);
  // The json first: without its weights it is not taken.
  put('slow', 0, 'model.json');
  await looks(2);
  assert.not.ok(existsSync(join(folder, 'slow')), 'nothing is whole yet');
  store.fail(/list-type/, { status: 503, word: 'SlowDown' });
  put('slow', 0, 'weights.bin');
  store.fail(/GET .*epoch-1/, { status: 500 }, 'cut');
  for (const epoch of [1, 2]) for (const file of ['weights.bin', 'model.json']) put('slow', epoch, file);
  await looks(1);
  for (const file of ['weights.bin', 'model.json']) put('slow', 3, file);
  const { code, error } = await watched;
  assert.is(code, 0, error);
  const after = await vogjs(...scoreOf(data, ...ASKED, '--out', join(folder, 'after')));
  assert.is(after.code, 0, after.error);
  for (const name of ['scores.parquet', 'trajectories.parquet']) {
    assert.ok(readFileSync(join(folder, 'slow', name)).equals(readFileSync(join(folder, 'after', name))), name);
  }
  const { manifest } = await openRun(join(folder, 'slow'));
  assert.equal(
    manifest.checkpoints.map(({ source }) => source),
    [0, 1, 2, 3].map((epoch) => `epoch-${epoch}`),
  );
  assert.not.ok(readFileSync(join(folder, 'slow', 'events.jsonl'), 'utf8').includes(SECRET));
});

test('with a lag older ones are passed over, and without news it ends by itself and says so', async () => {
  for (const epoch of [0, 1]) for (const file of ['weights.bin', 'model.json']) put('early', epoch, file);
  const more = ['--watch', '9', '--idle', '0.02', '--lag', '1'];
  const { code, error } = await watch('early', 'early', ...more);
  assert.is(code, 0, error);
  const run = await openRun(join(folder, 'early'));
  assert.is(run.manifest.state, 'complete');
  assert.equal(
    run.manifest.checkpoints.map(({ source }) => source),
    ['epoch-1'],
  );
  const events = readFileSync(join(folder, 'early', 'events.jsonl'), 'utf8');
  assert.match(events, /"skipped".*"source":"epoch-0"/);
  assert.match(events, /"ended".*"checkpoint":2,"of":9/);
  const none = await watch('nowhere', 'none', '--watch', '2', '--idle', '0.01');
  assert.match(
    none.error,
    /No checkpoint that 's3:\/\/bucket\/nowhere\/\*' matches came within 0.01 minutes.*CHECKPOINT_INVALID/,
  );
  assert.not.ok(existsSync(join(folder, 'none')));
});

test('copies are kept apart from the run, for this user alone', () => {
  assert.is(statSync(join(folder, 'copies')).mode & 0o077, 0);
  assert.not.ok(existsSync(join(folder, 'slow', 'copies')));
});

test.run();
