import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBucket } from '../open-bucket.js';
import { s3Bucket } from './s3-bucket.js';
import { CHANGED, startStore, type Store } from '@vogjs/testing/failing-store';
import type { Waits } from './waits.js';

const test = suite<{ store: Store }>('the files of a bucket');
const WAITS: Waits = { attempts: 3, rest: 1, longestRest: 5, answer: 5000, slowest: 1e6 };
const CONTENT = Buffer.from('0123456789');

test.before.each(async (context) => {
  context.store = await startStore();
});
test.after.each(({ store }) => store.close());

const at = ({ environment }: Store, place = 's3://bucket'): ReturnType<typeof s3Bucket> =>
  s3Bucket(place, { environment, waits: WAITS });

async function codeOf(work: () => unknown): Promise<string> {
  try {
    return `none, but ${JSON.stringify(await work())}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test('a list says of each file what looking at it says, in order, over pages', async ({ store }) => {
  for (const key of ['b/2', 'b/10', 'a b', 'b/ü+&', 'b']) store.files.set(key, Buffer.from(key.repeat(3)));
  const { files, isBusy } = await at(store).list('b');
  assert.is(isBusy, false);
  assert.equal(
    files.map(({ key }) => key),
    ['b', 'b/10', 'b/2', 'b/ü+&'],
  );
  for (const file of files) assert.equal(file, await at(store).find(file.key), file.key);
  const [first] = files;
  const digest = createHash('md5').update('bbb').digest('hex');
  const seconds = Math.floor(CHANGED.getTime() / 1000) * 1000;
  assert.equal(first, { key: 'b', size: 3, version: `"${digest}"`, changed: seconds });
  assert.is(await at(store).find('absent'), null);
});

test('a store that is slow or says so is told to be busy', async ({ store }) => {
  store.fail(/list-type/, { status: 503, word: 'SlowDown' });
  assert.is((await at(store).list('')).isBusy, true);
  assert.is((await at(store).list('')).isBusy, false);
});

test('parts are those of the version that was found; of another there is none', async ({ store }) => {
  store.files.set('part', CONTENT);
  const bucket = at(store);
  const file = (await bucket.find('part'))!;
  const part = await bucket.read(file, { start: 2, end: 5 });
  assert.is(Buffer.from(part!.bytes).toString(), '234');
  assert.is(part!.isMd5, true);
  store.files.set('part', Buffer.from('abcdefghij'));
  assert.is(await bucket.read(file, { start: 2, end: 5 }), null);
  store.files.delete('part');
  assert.is(await bucket.read(file, { start: 2, end: 5 }), null);
});

test('a mark is no MD5 of what came in parts, or is encrypted by a key of one’s own', async ({ store }) => {
  store.files.set('part', CONTENT);
  const bucket = at(store);
  const file = (await bucket.find('part'))!;
  const body = '234';
  store.fail(/GET/, { status: 200, body, headers: { 'x-amz-server-side-encryption': 'aws:kms' } });
  assert.is((await bucket.read(file, { start: 2, end: 5 }))!.isMd5, false);
  store.fail(/GET/, { status: 200, body, headers: { 'x-amz-server-side-encryption': 'AES256' } });
  assert.is((await bucket.read(file, { start: 2, end: 5 }))!.isMd5, true);
  store.fail(/GET/, { status: 200, body });
  const inParts = { ...file, version: '"781e5e245d69b566979b86e28d23f2c7-2"' };
  assert.is((await bucket.read(inParts, { start: 2, end: 5 }))!.isMd5, false);
});

test('what is no bucket, one that is not there, and lists that are none are refused', async ({ store }) => {
  assert.is(await codeOf(() => at(store, 's3://bucket/folder')), 'STORAGE_ADDRESS');
  assert.is(await codeOf(() => openBucket('runs/photos')), 'STORAGE_ADDRESS');
  assert.is(await codeOf(() => at(store, 's3://elsewhere').find('part')), 'STORAGE_ABSENT');
  assert.is(await codeOf(() => at(store, 's3://elsewhere').list('')), 'STORAGE_ABSENT');
  for (const size of ['', '<Size>many</Size>', '<Size>-1</Size>']) {
    const body = `<ListBucketResult><Contents><Key>a</Key>${size}</Contents></ListBucketResult>`;
    store.fail(/list-type/, { status: 200, body });
    assert.is(await codeOf(() => at(store).list('')), 'STORAGE_REFUSED');
  }
});

test.run();
