// Only with --all: it installs moto's server from PyPI and starts it
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { explore } from '@vogjs/explorer';
import { openRun, openStorage } from '@vogjs/run';
import { startS3Server, type S3Server } from '@vogjs/testing/s3-server';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertNear, commandsHeard, contentsOf, scoreOf, writeCheckpoints } from './shards.test.helper.js';

const test = suite('shards in an S3-compatible store');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-stored-'));
const data = join(folder, 'data');
const whole = join(folder, 'whole');
const ASKED = ['--metrics', 'all', '--windows', '2', '--chunk-size', '5', '--backend', 'cpu'];
const kept = { ...process.env };
let server: S3Server;
/** What is said must hold no key. */
const { ok, refused, said } = commandsHeard();

test.before(async () => {
  server = await startS3Server();
  // Neither keys nor shards under way of whoever runs the tests.
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, server.writer, { HOME: folder, TMPDIR: join(folder, 'temporary') });
  mkdirSync(join(folder, 'temporary'));
  await writeCheckpoints(data);
  await ok(...scoreOf(data, ...ASKED, '--out', whole));
});
test.after(async () => {
  process.env = kept;
  server.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => `s3://${server.bucket}/${name}`;

async function shards(out: string, n: number): Promise<string> {
  let all = '';
  for (let index = 1; index <= n; index++) {
    all += await ok(...scoreOf(data, ...ASKED, '--out', out, '--shard', `${index}/${n}`));
  }
  return all;
}

/** Brings a run here, as it is. */
async function fetched(out: string): Promise<string> {
  const storage = await openStorage(out);
  const here = mkdtempSync(join(folder, 'fetched-'));
  for (const name of await storage.list('')) {
    mkdirSync(dirname(join(here, name)), { recursive: true });
    writeFileSync(join(here, name), await storage.read(name));
  }
  return here;
}

const underWay = (): string[] =>
  readdirSync(join(folder, 'temporary'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /shard-|joined/.test(name),
  );

test('three shards are scored into a bucket and merged there: the unsharded run, byte for byte', async () => {
  const out = at('runs/three');
  assert.match(
    await shards(out, 3),
    /Shard 3\/3.* is done: s3:\/\/runs-of-a-test\/runs\/three\/states\/shard-\d{8}-.*\nWhen all are done: npx vogjs merge s3:/,
  );
  const storage = await openStorage(out);
  assert.is((await storage.list('states/shard-')).length, 3);
  assert.equal(underWay(), [], 'what was under way is gone');
  assert.match(await shards(out, 3), /was done already/);
  await ok('merge', out);
  const here = await fetched(out);
  assert.equal(contentsOf(here), contentsOf(whole));
  assert.is(existsSync(join(here, 'states')), false);
  const events = (await (await openRun(out)).events()) as { type: string; figures: object }[];
  const before = (await (await openRun(whole)).events()) as { type: string; figures: object }[];
  assert.equal(
    events.map(({ type, figures }) => [type, figures]),
    before.map(({ type, figures }) => [type, figures]),
  );
  assert.match(await ok('merge', out), /done already/);
  assert.match(await shards(out, 1), /done already/);
  assert.match(await ok(...scoreOf(data, ...ASKED, '--out', out)), /done already/);
});

test('shards by checkpoints are scored into a bucket and merged there: what they come to in a folder, byte for byte', async () => {
  const by = (out: string, shard: string): string[] =>
    scoreOf(data, ...ASKED, '--out', out, '--shard', shard, '--by', 'checkpoints');
  const [here, out] = [join(folder, 'stretches'), at('runs/stretches')];
  for (const place of [here, out]) for (const index of [1, 2, 3]) await ok(...by(place, `${index}/3`));
  const storage = await openStorage(out);
  const names = await storage.list('states/shard-');
  assert.equal(names, await (await openStorage(here)).list('states/shard-'));
  assert.is(names.filter((name) => /^states\/shard-checkpoints-.*\.state\.safetensors$/.test(name)).length, 3);
  assert.equal(underWay(), [], 'what was under way is gone');
  assert.match(await ok(...by(out, '2/3')), /was done already/);
  assert.equal(underWay(), [], 'what was copied is gone');
  const states = names.find((name) => name.endsWith('.state.safetensors')) ?? '';
  const content = await storage.read(states);
  const flipped = Uint8Array.from(content);
  flipped[flipped.length - 5]! ^= 1;
  for (const bytes of [new Uint8Array(), content.subarray(0, -1), flipped, null]) {
    await (bytes === null ? storage.remove(states) : storage.write(states, bytes));
    assert.match(await refused('merge', out), new RegExp(`${out}/${states} is damaged.*SHARD_DAMAGED`));
    assert.equal(underWay(), []);
    await ok(...by(out, '1/3'));
    assert.equal(await storage.read(states), content);
  }
  await ok('merge', here);
  await ok('merge', out);
  const fetchedRun = await fetched(out);
  assert.equal(contentsOf(fetchedRun), contentsOf(here));
  await assertNear(fetchedRun, whole);
  assert.equal(await storage.list('states/'), []);
  assert.equal(underWay(), []);
});

test('workers of one machine score into a bucket as well, by --out or by the configuration', async () => {
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ out: at('runs/workers') }));
  await ok(...scoreOf(data, ...ASKED, '--config', config, '--workers', '2'));
  assert.equal(contentsOf(await fetched(at('runs/workers'))), contentsOf(whole));
  const many = at('runs/many');
  await ok(...scoreOf(data, ...ASKED, '--out', many, '--workers', '2', '--by', 'checkpoints'));
  await assertNear(await fetched(many), whole);
  assert.equal(await (await openStorage(many)).list('states/'), []);
  assert.equal(underWay(), []);
});

test('merge names what is missing and what is damaged by its address, and score makes it again', async () => {
  const out = at('runs/mended');
  assert.match(await refused('merge', out), /no shards in 's3:.*--out s3:.*SHARDS_MISSING/);
  await shards(out, 2);
  const storage = await openStorage(out);
  const [first = '', second = ''] = await storage.list('states/shard-');
  const content = await storage.read(second);
  await storage.remove(second);
  assert.match(await refused('merge', out), /examples 20 to 36.*SHARDS_MISSING/);
  for (const bytes of [new Uint8Array(), content.subarray(0, 100), content.subarray(0, -1)]) {
    await storage.write(second, bytes);
    assert.match(await refused('merge', out), new RegExp(`${out}/${second} is damaged.*SHARD_DAMAGED`));
  }
  await ok(...scoreOf(data, ...ASKED, '--out', `${out}/`, '--shard', '2/2'));
  assert.equal(await storage.read(second), content);
  assert.is(await storage.create?.(first, content), false, 'the first writer wins');
  await ok('merge', `${out}/`);
  assert.equal(contentsOf(await fetched(out)), contentsOf(whole));
});

test('who may not write is told before anything is scored; so is a wrong key, and a bucket that is not there', async () => {
  const shard = (out: string): string[] => scoreOf(data, ...ASKED, '--out', out, '--shard', '1/2');
  Object.assign(process.env, server.reader);
  assert.match(
    await refused(...shard(at('runs/denied'))),
    /states\/writable cannot be written.*s3:PutObject.*STORAGE_FORBIDDEN/,
  );
  assert.equal(underWay(), []);
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret-of-somebody-else';
  const unknown = await refused(...shard(at('runs/denied')));
  assert.match(unknown, /does not know these keys.*STORAGE_CREDENTIALS/);
  assert.not.match(unknown, /secret-of/);
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  delete process.env['AWS_ACCESS_KEY_ID'];
  assert.match(await refused(...shard(at('runs/denied'))), /AWS_ACCESS_KEY_ID.*STORAGE_CREDENTIALS/);
  Object.assign(process.env, server.writer);
  assert.match(await refused(...shard('s3://no-such-bucket/runs')), /no such bucket.*STORAGE_ABSENT/);
  const address = await refused(...shard('s3://me:secret-of@bucket/runs'));
  assert.match(address, /STORAGE_ADDRESS/);
  assert.not.match(address, /secret-of/);
  assert.match(await refused(...shard('gs://bucket/runs')), /not gs:.*STORAGE_ADDRESS/);
});

test('a run in a bucket is looked at, decided about, reported and exported from there', async () => {
  const out = at('runs/three');
  const page = join(folder, 'page.html');
  assert.match(await refused('report', out), /Give its path, such as --out/);
  await ok('report', out, '--out', page);
  assert.match(readFileSync(page, 'utf8'), /<html/);
  const table = join(folder, 'table.csv');
  await ok('export', out, '--to', 'csv', '--out', table);
  assert.is(readFileSync(table, 'utf8').trimEnd().split('\r\n').length, 38);
  const answers = join(folder, 'answers.csv');
  writeFileSync(answers, 'id,given,corrected,decision,when\n103,0,,exclude,2026-01-01T00:00:00.000Z\n');
  assert.match(await ok('import', out, answers), new RegExp(`Wrote ${out}/corrections.csv`));
  const { link, close } = await explore(out);
  try {
    const { origin, hash } = new URL(link);
    const headers = { authorization: `Bearer ${hash.split('=')[1]}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ run: 0, reviews: [{ row: 1, decision: 'exclude' }] });
    const answer = await fetch(`${origin}/api/reviews`, { method: 'POST', headers, body });
    assert.is(answer.status, 200, await answer.text());
  } finally {
    await close();
  }
  const { lines } = await (await openRun(out)).reviews();
  assert.equal(
    lines.map(({ id, decision }) => [String(id), decision]),
    [
      ['103', 'exclude'],
      ['101', 'exclude'],
    ],
  );
});

test('what is saved in files that a process goes on with is refused', async () => {
  for (const more of [[], ['--live']]) {
    assert.match(
      await refused(...scoreOf(data, ...ASKED, '--out', at('runs/alone'), ...more)),
      /takes shards.*--workers/,
    );
  }
  assert.equal(await (await openStorage(at('runs/alone'))).list(''), []);
});

test('a large file goes there in parts and comes back the same; the first writer wins', async () => {
  const storage = await openStorage(at('large'));
  const content = Uint8Array.from({ length: 2 ** 24 + 12_345 }, (_, byte) => (byte * 2_654_435_761) >>> 24);
  assert.is(await storage.create?.('part', content), true);
  assert.is(await storage.create?.('part', content.toReversed()), false);
  assert.is(Buffer.compare(await storage.read('part'), content), 0);
  assert.is(
    Buffer.compare(
      await storage.read('part', { start: 2 ** 24 - 3, end: 2 ** 24 + 3 }),
      content.subarray(2 ** 24 - 3, 2 ** 24 + 3),
    ),
    0,
  );
  await storage.write('part', content.toReversed());
  assert.is(Buffer.compare(await storage.read('part'), content.toReversed()), 0);
});

test('no key is in any file of the bucket, and none was said', async () => {
  const storage = await openStorage(`s3://${server.bucket}`);
  const names = await storage.list('runs/');
  assert.ok(names.length > 10);
  for (const name of names) {
    const content = Buffer.from(await storage.read(name)).toString('latin1');
    for (const secret of server.secrets) assert.not.ok(content.includes(secret), name);
  }
  assert.ok(said().length > 1000);
  for (const secret of server.secrets) assert.not.ok(said().includes(secret));
});

test.run();
