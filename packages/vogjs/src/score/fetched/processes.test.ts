// Only with --all: it starts the command several times at once
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStore, type Store } from '@vogjs/testing/failing-store';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { start } from '../../worker/started.test.helper.js';
import { contentsOf, ok, scoreOf, writeCheckpoints } from '../shards/shards.test.helper.js';

const test = suite('several processes that want the same of a store');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-processes-'));
const data = join(folder, 'data');
const copies = join(folder, 'copies');
const ASKED = ['--chunk-size', '5', '--backend', 'cpu'];
const STORED = ['score', 's3://bucket/data/rows.npy', '--labels', 's3://bucket/data/labels.csv'];
const ROWS = /^GET \/bucket\/data\/rows\.npy/;
let store: Store;

test.before(async () => {
  store = await startStore();
  await writeCheckpoints(data);
  for (const name of readdirSync(data, { recursive: true, encoding: 'utf8' })) {
    if (statSync(join(data, name)).isFile()) store.files.set(`data/${name}`, readFileSync(join(data, name)));
  }
});
test.after(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const asked = (pattern: RegExp): number => store.asked.filter(({ line }) => pattern.test(line)).length;
const begin = (...more: string[]): ReturnType<typeof start> =>
  start([...STORED, '--checkpoints', 's3://bucket/data/ckpt/*', ...ASKED, ...more], {
    ...store.environment,
    VOGJS_CACHE: copies,
  });

test('one that is killed while it fetches leaves nothing that others wait for, and they fetch once', async () => {
  store.fail(ROWS, 'stalled');
  const killed = begin('--out', join(folder, 'killed'));
  while (asked(ROWS) === 0) {
    assert.is(killed.child.exitCode, null, killed.said());
    await sleep(50);
  }
  killed.child.kill('SIGKILL');
  await killed.ended;
  store.asked.length = 0;
  const out = join(folder, 'shards');
  const both = [1, 2].map((index) => begin('--out', out, '--shard', `${index}/2`));
  for (const { ended } of both) {
    const { code, said } = await ended;
    assert.is(code, 0, said);
  }
  assert.is(asked(ROWS), 1);
  for (const epoch of [0, 1, 2, 3]) {
    assert.is(asked(new RegExp(`^GET /bucket/data/ckpt/epoch-${epoch}/weights`)), 1, `epoch ${epoch}`);
  }
  const whole = join(folder, 'whole');
  await ok(...scoreOf(data, ...ASKED, '--out', whole));
  await ok(
    'merge',
    out,
    '--data',
    join(data, 'rows.npy'),
    '--labels',
    join(data, 'labels.csv'),
    '--checkpoints',
    join(data, 'ckpt/*'),
  );
  assert.ok(contentsOf(out)['scores.parquet'] === contentsOf(whole)['scores.parquet']);
});

test.run();
