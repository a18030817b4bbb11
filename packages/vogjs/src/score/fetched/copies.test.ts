import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { VogError } from '@vogjs/base';
import { ownerMark } from '@vogjs/formats/files';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { away, CHANGED, madeBucket } from './bucket.test.helper.js';
import { Copies } from './copies.js';

const test = suite<{ folder: string }>('copies of what is in stores');
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'vogjs-copies-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const MEGABYTE = 2 ** 20;
const bytesOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => ((at + seed) * 2_654_435_761) >>> 24);
const entries = (folder: string): string[] => readdirSync(folder).filter((name) => /^[0-9a-f]{32}$/.test(name));

async function errorOf(work: Promise<unknown>): Promise<VogError> {
  const error = await work.then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  assert.instance(error, VogError, String(error));
  return error as VogError;
}

test('files are fetched once, whole, with the time of the store, however many ask at once', async ({ folder }) => {
  const large = bytesOf(9 * MEGABYTE, 1);
  const bucket = madeBucket({ 'a/large': large, 'a/empty': '', 'a/small': 'small' });
  const wanted = bucket.wanted('a/large', 'a/empty', 'a/small');
  // Copies of one folder are what several processes have.
  const held = await Promise.all([1, 2, 3].map(() => new Copies({ folder, bytes: 1e9 }).hold(wanted)));
  assert.equal(bucket.reads.toSorted(), [
    `a/large 0-${8 * MEGABYTE}`,
    `a/large ${8 * MEGABYTE}-${9 * MEGABYTE}`,
    'a/small 0-5',
  ]);
  const [{ folder: here } = { folder: '' }] = held;
  assert.is(Buffer.compare(readFileSync(join(here, 'large')), large), 0);
  assert.is(readFileSync(join(here, 'empty')).length, 0);
  assert.is(readFileSync(join(here, 'small'), 'utf8'), 'small');
  assert.is(Math.floor(statSync(join(here, 'small')).mtimeMs / 1000) * 1000, CHANGED);
  assert.equal(readdirSync(join(here, '..')).toSorted(), ['entry.json', 'files', 'held']);
  // A version of the same second has another time, by which readers tell it.
  const time = statSync(join(here, 'small')).mtimeMs;
  bucket.contents.set('a/small', Buffer.from('other'));
  const other = await new Copies({ folder, bytes: 1e9 }).hold(bucket.wanted('a/small'));
  assert.is(readFileSync(join(other.folder, 'small'), 'utf8'), 'other');
  assert.is.not(statSync(join(other.folder, 'small')).mtimeMs, time);
  assert.is(readFileSync(join(here, 'small'), 'utf8'), 'small');
});

test('what was begun is gone on with, and what was cut off here is fetched again', async ({ folder }) => {
  const large = bytesOf(20 * MEGABYTE, 2);
  const bucket = madeBucket({ large });
  bucket.onRead = (_, bytes) => {
    if (bucket.reads.length === 3) throw away();
    return bytes;
  };
  const copies = new Copies({ folder, bytes: 1e9 });
  assert.is((await errorOf(copies.hold(bucket.wanted('large')))).code, 'STORAGE_UNREACHABLE');
  assert.is(bucket.reads.length, 3);
  const held = await copies.hold(bucket.wanted('large'));
  assert.equal(bucket.reads.slice(3), [`large ${16 * MEGABYTE}-${20 * MEGABYTE}`]);
  assert.is(Buffer.compare(readFileSync(join(held.folder, 'large')), large), 0);
  truncateSync(join(held.folder, 'large'), 5);
  await copies.hold(bucket.wanted('large'));
  assert.is(Buffer.compare(readFileSync(join(held.folder, 'large')), large), 0);
});

test('bytes that are not those of the mark are fetched again; if they differ each time, that is told', async ({
  folder,
}) => {
  const copies = new Copies({ folder, bytes: 1e9 });
  const bucket = madeBucket({ a: 'content', b: 'content of b', c: 'content of c' });
  let times = 0;
  bucket.onRead = (_, bytes) => (++times === 1 ? bytes.map((byte) => byte ^ 1) : bytes);
  const { folder: here } = await copies.hold(bucket.wanted('a'));
  assert.is(readFileSync(join(here, 'a'), 'utf8'), 'content');
  assert.is(times, 2);
  bucket.onRead = (_, bytes) => bytes.map((byte) => byte ^ ++times);
  const error = await errorOf(copies.hold(bucket.wanted('b')));
  assert.is(error.code, 'STORAGE_DAMAGED');
  assert.match(error.message, /s3:\/\/made\/b came with other bytes each time.*proxy/);
  // The same bytes twice: the mark is of another kind.
  bucket.onRead = (_, bytes) => bytes.map((byte) => byte ^ 1);
  const same = await copies.hold(bucket.wanted('b'));
  assert.is.not(readFileSync(join(same.folder, 'b'), 'utf8'), 'content of b');
  // And of one that is no MD5 at all nothing is asked.
  bucket.isMd5 = false;
  bucket.reads.length = 0;
  await copies.hold(bucket.wanted('c'));
  assert.is(bucket.reads.length, 1);
});

test('a file that changes meanwhile is not mixed: it is told by name', async ({ folder }) => {
  const bucket = madeBucket({ large: bytesOf(9 * MEGABYTE, 3) });
  const wanted = bucket.wanted('large');
  bucket.onRead = (_, bytes) => {
    bucket.contents.set('large', bytesOf(9 * MEGABYTE, 4));
    return bytes;
  };
  const error = await errorOf(new Copies({ folder, bytes: 1e9 }).hold(wanted));
  assert.is(error.code, 'STORAGE_ABSENT');
  assert.match(error.message, /s3:\/\/made\/large was changed or removed while it was fetched/);
});

test('they take no more than they may: what was not used for longest goes, and what is held stays', async ({
  folder,
}) => {
  const bucket = madeBucket(Object.fromEntries('abcd'.split('').map((key) => [key, key.repeat(400)])));
  const copies = new Copies({ folder, bytes: 1000 }, 0);
  const first = await copies.hold(bucket.wanted('a'));
  await sleep(5);
  await (await copies.hold(bucket.wanted('b'))).release();
  await sleep(5);
  const third = await copies.hold(bucket.wanted('c'));
  assert.ok(existsSync(join(first.folder, 'a')), 'it is held');
  assert.is(entries(folder).length, 2);
  const own = await errorOf(new Copies({ folder, bytes: 1000 }).hold(bucket.wanted('d')));
  assert.is(own.code, 'DISK_FULL');
  assert.match(
    own.message,
    /s3:\/\/made\/d has 4.00e-7 GB.*of which this process holds 8.00e-7 GB.*VOGJS_CACHE_GB.*VOGJS_CACHE/,
  );
  const large = await errorOf(new Copies({ folder, bytes: 300 }).hold(bucket.wanted('d')));
  assert.match(large.message, /may take 3.00e-7 GB in '.*'\. Set/);
  // Another process that lives holds it: it may let go.
  const other = join(third.folder, '..', 'held', ownerMark().replace(/^\d+/, String(process.ppid)));
  writeFileSync(other, '');
  await third.release();
  const others = await errorOf(copies.hold(bucket.wanted('d')));
  assert.match(others.message, /others hold what is there/);
  const waiting = new Copies({ folder, bytes: 1000 }).hold(bucket.wanted('d'));
  await sleep(50);
  rmSync(other);
  await waiting;
  assert.is(entries(folder).length, 2);
  assert.ok(existsSync(join(first.folder, 'a')));
  assert.not.ok(existsSync(join(third.folder, 'c')));
});

test('what a dead process held or had not ended is free, and what is damaged goes first', async ({ folder }) => {
  const bucket = madeBucket({ a: 'a'.repeat(600), b: 'b'.repeat(600) });
  const held = await new Copies({ folder, bytes: 1000 }).hold(bucket.wanted('a'));
  await held.release();
  const dead = ownerMark().replace(/^\d+/, String(spawnSync(process.execPath, ['-e', '0']).pid));
  writeFileSync(join(held.folder, '..', 'held', dead), '');
  await new Copies({ folder, bytes: 1000 }, 0).hold(bucket.wanted('b')).then((copy) => copy.release());
  assert.not.ok(existsSync(held.folder));
  const [entry = ''] = entries(folder);
  writeFileSync(join(folder, entry, 'entry.json'), '{"version": 2}');
  await new Copies({ folder, bytes: 1000 }, 0).hold(bucket.wanted('a'));
  assert.is(entries(folder).length, 1);
});

test.run();
