// Only with --all: it scores the same data many times
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { openRun } from '@vogjs/run';
import { KEY_ID, SECRET, startStore, type Store, TOKEN } from '@vogjs/testing/failing-store';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandsHeard, contentsOf, scoreOf, writeCheckpoints } from '../shards/shards.test.helper.js';
import { putFolder, resultOf } from './stored.test.helper.js';

const test = suite('data and checkpoints in a store');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-inputs-'));
const data = join(folder, 'data');
const AT = 's3://bucket/data';
const ASKED = ['--metrics', 'vog,el2n', '--windows', '2', '--chunk-size', '5', '--backend', 'cpu'];
const kept = { ...process.env };
let store: Store;
/** What is said must hold no key. */
const { ok, refused, said } = commandsHeard();

test.before(async () => {
  store = await startStore();
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, store.environment);
  await writeCheckpoints(data, { examples: 21, checkpoints: 3 });
  putFolder(store, data, 'data');
  await ok(...scoreOf(data, ...ASKED, '--out', join(folder, 'whole')));
});
test.before.each(() => {
  process.env['VOGJS_CACHE'] = mkdtempSync(join(folder, 'cache-'));
  delete process.env['VOGJS_CACHE_GB'];
  store.asked.length = 0;
});
test.after(async () => {
  process.env = kept;
  await store.close();
  rmSync(folder, { recursive: true });
});

const stored = (...more: string[]): string[] => {
  const files = [`${AT}/rows.npy`, '--labels', `${AT}/labels.csv`];
  return ['score', ...files, '--checkpoints', `${AT}/ckpt/*`, ...ASKED, ...more];
};

/** How often each file was asked for. */
function reads(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { line } of store.asked) {
    const [, key] = /^GET \/bucket\/data\/([^?]+)$/.exec(line) ?? [];
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

const copied = (): number =>
  readdirSync(process.env['VOGJS_CACHE'] ?? '', { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(process.env['VOGJS_CACHE'] ?? '', name)))
    .reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0);

test('a run of addresses is that of the files, byte for byte; it names the addresses, and no key and no copy', async () => {
  const out = join(folder, 'addresses');
  await ok(...stored('--out', out));
  assert.equal(resultOf(out), resultOf(join(folder, 'whole')));
  const { manifest } = await openRun(out);
  assert.is(manifest.data.source, `${AT}/rows.npy`);
  assert.is(manifest.model.name, `${AT}/ckpt/*`);
  for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (!statSync(join(out, name)).isFile()) continue;
    const content = readFileSync(join(out, name), 'latin1');
    for (const secret of [SECRET, TOKEN, KEY_ID, process.env['VOGJS_CACHE'] ?? '']) {
      assert.not.ok(content.includes(secret), name);
    }
  }
  for (const [key, count] of Object.entries(reads())) assert.ok(count <= (key.endsWith('model.json') ? 2 : 1), key);
  store.asked.length = 0;
  await ok(...stored('--out', join(folder, 'again')));
  assert.equal(
    Object.keys(reads()).filter((key) => !key.endsWith('model.json')),
    [],
    'what is here is not fetched again',
  );
});

test('shards of files and of addresses are of one run; workers fetch each file once between them', async () => {
  const out = join(folder, 'mixed');
  await ok(...scoreOf(data, ...ASKED, '--out', out, '--shard', '1/2'));
  await ok(...stored('--out', out, '--shard', '2/2'));
  await ok('merge', out);
  assert.equal(contentsOf(out), contentsOf(join(folder, 'whole')));
  process.env['VOGJS_CACHE'] = mkdtempSync(join(folder, 'cache-'));
  store.asked.length = 0;
  const workers = join(folder, 'workers');
  await ok(...stored('--out', workers, '--workers', '2'));
  assert.equal(resultOf(workers), resultOf(join(folder, 'whole')));
  const counts = reads();
  assert.is(counts['rows.npy'], 1);
  for (const [key, count] of Object.entries(counts))
    assert.ok(key.endsWith('model.json') || count === 1, `${key}: ${count}`);
});

test('copies take no more than they may: checkpoints make room for each other', async () => {
  const sizes = ['rows.npy', 'labels.csv'].map((name) => statSync(join(data, name)).size);
  const of = (name: string): number =>
    ['model.json', 'weights.bin'].reduce((sum, file) => sum + statSync(join(data, 'ckpt', name, file)).size, 0);
  const limit = sizes.reduce((a, b) => a + b) + of('epoch-0') + 100;
  process.env['VOGJS_CACHE_GB'] = String(limit / 1e9);
  const out = join(folder, 'bounded');
  await ok(...stored('--out', out));
  assert.equal(resultOf(out), resultOf(join(folder, 'whole')));
  // What says how large each is, is not counted.
  assert.ok(copied() < limit + 2000, `${copied()} bytes`);
  process.env['VOGJS_CACHE_GB'] = String((limit - 200) / 1e9);
  assert.match(
    await refused(...stored('--out', join(folder, 'no'))),
    /s3:\/\/bucket\/data\/ckpt\/epoch-0 has .* GB.*of which this process holds.*VOGJS_CACHE_GB.*DISK_FULL/,
  );
});

test('what fails and passes changes nothing: errors, and bytes that are cut off or too few', async () => {
  store.fail(/GET .*rows\.npy/, { status: 500 }, 'cut');
  store.fail(/GET \/bucket\/data\/.*weights/, 'short');
  store.fail(/list-type/, { status: 503, word: 'SlowDown' });
  store.fail(/HEAD/, { status: 500 });
  const out = join(folder, 'faults');
  await ok(...stored('--out', out));
  assert.equal(resultOf(out), resultOf(join(folder, 'whole')));
});

for (const [words, pattern, args] of [
  [
    'a file that is not there',
    /data\/absent\.npy is no file, and there are none in .*STORAGE_ABSENT/,
    [`${AT}/absent.npy`],
  ],
  ['a folder that is not there', /data\/absent\/ is no file.*STORAGE_ABSENT/, [`${AT}/absent/`]],
  ['a bucket that is not there', /no such bucket.*STORAGE_ABSENT/, ['s3://elsewhere/rows.npy']],
  ['a store of another kind', /not gs:\/\/.*STORAGE_ADDRESS/, ['gs://bucket/rows.npy']],
  ['an address with a password', /no user, password.*STORAGE_ADDRESS/, ['s3://me:secret-word@bucket/rows.npy']],
  [
    'a module that trains',
    /is code, and is not run out of a store.*CONFIG_INVALID/,
    [`${AT}/rows.npy`, '--train', `${AT}/net.ts`],
  ],
  ['a plugin', /is code.*CONFIG_INVALID/, [`${AT}/rows.npy`, '--plugins', `${AT}/net.ts`]],
  [
    'a network that a module makes',
    /is code.*CONFIG_INVALID/,
    [`${AT}/rows.npy`, '--checkpoints', `${AT}/ckpt/*`, '--model', `${AT}/net.mjs`],
  ],
  ['names that no file has', /name cannot be one here: 'odd\/\/a\.png'.*STORAGE_ADDRESS/, ['s3://bucket/odd']],
  [
    'a pattern that matches nothing',
    /matches nothing.*CHECKPOINT_INVALID/,
    [...stored().slice(1, 4), '--checkpoints', `${AT}/no/*`],
  ],
  [
    'a pattern that matches no checkpoint',
    /matches other files, and no checkpoint/,
    [...stored().slice(1, 4), '--checkpoints', `${AT}/ckpt/epoch-0/w*`],
  ],
] as [string, RegExp, string[]][]) {
  test(`${words} is refused`, async () => {
    store.files.set('odd//a.png', Buffer.from('x'));
    const error = await refused('score', ...args, '--out', join(folder, 'no'));
    assert.match(error, pattern);
    assert.not.match(error, /secret-word/);
    assert.not.ok(existsSync(join(folder, 'no')));
  });
}

test('who may not read, has no keys or has said a wrong size is told before anything is written', async () => {
  const denied = { status: 403, word: 'AccessDenied' };
  store.fail(/HEAD .*rows/, denied);
  store.fail(/GET .*rows/, denied);
  assert.match(
    await refused(...stored('--out', join(folder, 'no'))),
    /rows\.npy cannot be read.*s3:GetObject.*STORAGE_FORBIDDEN/,
  );
  store.fail(/list-type/, denied);
  assert.match(
    await refused(...stored('--out', join(folder, 'no'))),
    /cannot be listed.*s3:ListBucket.*STORAGE_FORBIDDEN/,
  );
  for (const size of ['many', '0', '-1']) {
    process.env['VOGJS_CACHE_GB'] = size;
    assert.match(
      await refused(...stored('--out', join(folder, 'no'))),
      /VOGJS_CACHE_GB must be a number.*CONFIG_INVALID/,
    );
  }
  delete process.env['VOGJS_CACHE_GB'];
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  assert.match(await refused(...stored('--out', join(folder, 'no'))), /AWS_ACCESS_KEY_ID.*STORAGE_CREDENTIALS/);
  Object.assign(process.env, store.environment);
  assert.not.ok(existsSync(join(folder, 'no')));
});

test('a checkpoint that lacks a file, and one that is damaged, are named by their addresses', async () => {
  const key = 'data/ckpt/epoch-2/weights.bin';
  const weights = store.files.get(key) as Buffer;
  store.files.delete(key);
  assert.match(
    await refused(...stored('--out', join(folder, 'no'))),
    /s3:\/\/bucket\/data\/ckpt\/epoch-2 lacks weights\.bin.*CHECKPOINT_INVALID/,
  );
  store.files.set(key, weights.subarray(0, 8));
  const damaged = await refused(...stored('--out', join(folder, 'no')));
  assert.match(damaged, /s3:\/\/bucket\/data\/ckpt\/epoch-2.*CHECKPOINT_INVALID/);
  store.files.set(key, weights);
  const model = store.files.get('data/ckpt/epoch-2/model.json') as Buffer;
  const outside = model.toString().replace('"weights.bin"', '"../../rows.npy"');
  store.files.set('data/ckpt/epoch-2/model.json', Buffer.from(outside));
  assert.match(await refused(...stored('--out', join(folder, 'no'))), /outside its folder.*CHECKPOINT_INVALID/);
  store.files.set('data/ckpt/epoch-2/model.json', model);
});

test('nothing that was said has a key or the path of a copy', () => {
  assert.ok(said().length > 1000);
  for (const secret of [SECRET, TOKEN, KEY_ID]) assert.not.ok(said().includes(secret));
  assert.not.match(said().replaceAll(/may take [^']*'[^']*'/g, ''), /cache-/);
});

test.run();
