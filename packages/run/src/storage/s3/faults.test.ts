import { type AddressInfo, createServer } from 'node:net';
import { inspect } from 'node:util';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { s3Storage } from './s3-storage.js';
import { type Fault, KEY_ID, SECRET, startStore, type Store, TOKEN } from '@vogjs/testing/failing-store';
import type { Waits } from './waits.js';

const test = suite<{ store: Store }>('a store that fails');
/** A store that answers is waited for as long as a busy machine takes; one that never will, not long. */
const WAITS: Waits = { attempts: 4, rest: 1, longestRest: 5, answer: 60_000, slowest: 1e6 };
const SHORT: Waits = { ...WAITS, answer: 400 };
const SILENT: readonly (Fault | undefined)[] = ['silent', 'stalled'];
const waitsFor = (fault: Fault | undefined): Waits => (SILENT.includes(fault) ? SHORT : WAITS);
const CONTENT = Uint8Array.from({ length: 250 }, (_, at) => at);

test.before.each(async (context) => {
  context.store = await startStore();
});
test.after.each(({ store }) => store.close());

const at = ({ environment }: Store, place = 's3://bucket/run', waits = WAITS): ReturnType<typeof s3Storage> =>
  s3Storage(place, { environment, waits, pieceBytes: 100 });

/** The error, which says what to do and shows no key, however it is printed. */
async function refused(work: Promise<unknown>): Promise<VogError> {
  const error = await work.then(
    (value) => value,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, VogError, inspect(error));
  const shown = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
  for (const key of [SECRET, TOKEN, KEY_ID]) assert.not.ok(shown.includes(key), shown);
  return error as VogError;
}

const PASSING: Fault[] = [
  { status: 500 },
  { status: 503, word: 'SlowDown' },
  { status: 503, headers: { 'retry-after': '1' } },
  { status: 429 },
  { status: 400, word: 'RequestTimeout' },
  'silent',
  'stalled',
  'refused',
  'cut',
  'short',
  'long',
];

test('what passes is asked for again: reading, listing, writing, in parts and whole', async ({ store }) => {
  for (const fault of PASSING) {
    const storage = at(store, undefined, waitsFor(fault));
    store.files.set('run/read', Buffer.from(CONTENT));
    // The answer to HEAD has no body: no word of what is wrong.
    const isSeen = typeof fault === 'object' ? fault.word === undefined : fault === 'silent' || fault === 'refused';
    store.fail(/GET .*read/, fault);
    assert.equal(await storage.read('read'), CONTENT, `reading: ${inspect(fault)}`);
    if (fault === 'short' || fault === 'long') continue;
    store.fail(/GET .*list-type/, fault);
    assert.equal(await storage.list(''), ['read'], `listing: ${inspect(fault)}`);
    if (isSeen) store.fail(/HEAD/, fault);
    assert.is(await storage.size('read'), 250);
    store.fail(/PUT .*small/, fault);
    await storage.write('small', CONTENT.subarray(0, 50));
    assert.is(store.files.get('run/small')?.length, 50, `writing: ${inspect(fault)}`);
    store.fail(/POST .*large/, fault);
    store.fail(/PUT .*large/, fault, fault);
    store.fail(/POST .*large\?uploadId/, fault);
    await storage.write('large', CONTENT);
    assert.equal(Uint8Array.from(store.files.get('run/large') ?? []), CONTENT, `in parts: ${inspect(fault)}`);
    store.files.clear();
  }
});

for (const bytes of [3, 5_000_000]) {
  test(`a connection that breaks while ${bytes} bytes are sent is tried again at once, and ends by code`, async ({
    store,
  }) => {
    let connections = 0;
    const host = createServer((socket) => {
      connections += 1;
      socket.on('error', () => {});
      // Before a byte came, and in the middle of them.
      if (connections % 2 === 1) socket.destroy();
      else socket.once('data', () => socket.destroy());
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
    const environment = { ...store.environment, AWS_ENDPOINT_URL_S3: endpoint };
    const storage = s3Storage('s3://bucket/run', { environment, waits: WAITS });
    const begun = performance.now();
    const error = await refused(storage.write('file', new Uint8Array(bytes)));
    host.close();
    assert.is(error.code, 'STORAGE_UNREACHABLE', error.message);
    assert.ok(connections >= WAITS.attempts, String(connections));
    // One wait for an answer is a minute.
    assert.ok(performance.now() - begun < 20_000);
  });
}

test('an answer that was lost after the work was done changes nothing: no line twice, and the last part ends the upload', async ({
  store,
}) => {
  const storage = at(store);
  const line = (text: string): Uint8Array => new TextEncoder().encode(`${text}\n`);
  store.fail(/PUT .*events/, 'lost');
  await storage.append('events', line('one'));
  store.fail(/PUT .*events/, 'lost');
  await storage.append('events', line('two'));
  assert.is(store.files.get('run/events')?.toString(), 'one\ntwo\n');
  store.fail(/POST .*large\?uploadId/, 'lost');
  await storage.write('large', CONTENT);
  assert.equal(Uint8Array.from(store.files.get('run/large') ?? []), CONTENT);
  // Whose file it is nobody can tell; it is there, whole.
  store.fail(/PUT .*shard/, 'lost');
  assert.is(await storage.create('shard', CONTENT.subarray(0, 10)), false);
  assert.is(store.files.get('run/shard')?.length, 10);
});

test('an upload that fails leaves no parts behind, and the file that was there', async ({ store }) => {
  const storage = at(store);
  await storage.write('large', CONTENT);
  store.fail(/PUT .*partNumber=2/, { status: 403, word: 'AccessDenied' });
  assert.is((await refused(storage.write('large', CONTENT.toReversed()))).code, 'STORAGE_FORBIDDEN');
  assert.is(store.uploads.size, 0);
  assert.equal(Uint8Array.from(store.files.get('run/large') ?? []), CONTENT);
});

test('an end that says 200 and holds an error is none', async ({ store }) => {
  const body = '<Error><Code>InternalError</Code></Error>';
  store.fail(/POST .*uploadId/, { status: 200, body });
  await at(store).write('large', CONTENT);
  store.fail(/POST .*uploadId/, ...Array.from({ length: 4 }, () => ({ status: 200, body })));
  assert.is((await refused(at(store).write('other', CONTENT))).code, 'STORAGE_UNREACHABLE');
  assert.is(store.files.has('run/other'), false);
});

const always = (fault: Fault): Fault[] => Array.from({ length: 4 }, () => fault);

for (const [words, code, advice, faults] of [
  ['never answers', 'STORAGE_UNREACHABLE', /took too long, 4 times.*AWS_ENDPOINT_URL_S3/, always('silent')],
  ['stops in the middle', 'STORAGE_UNREACHABLE', /took too long, 4 times/, always('stalled')],
  ['breaks off', 'STORAGE_UNREACHABLE', /broke off.*4 times.*same command again/, always('cut')],
  [
    'fails each time',
    'STORAGE_UNREACHABLE',
    /503 SlowDown.*|again later.*503/,
    always({ status: 503, word: 'SlowDown' }),
  ],
  ['sends too few bytes', 'STORAGE_DAMAGED', /sent 99 bytes, and not 100, 4 times.*proxy/, always('short')],
  [
    'receives other bytes',
    'STORAGE_DAMAGED',
    /received other bytes.*network/,
    always({ status: 400, word: 'XAmzContentSHA256Mismatch' }),
  ],
  ['sends too many bytes', 'STORAGE_DAMAGED', /more than the 100 bytes/, always('long')],
  [
    'does not let us',
    'STORAGE_FORBIDDEN',
    /read-only.*s3:GetObject.*403 AccessDenied/,
    [{ status: 403, word: 'AccessDenied' }],
  ],
  [
    'does not know the keys',
    'STORAGE_CREDENTIALS',
    /does not know these keys.*AWS_ACCESS_KEY_ID/,
    [{ status: 403, word: 'SignatureDoesNotMatch' }],
  ],
  ['finds the keys too old', 'STORAGE_CREDENTIALS', /expired.*Fetch new/, [{ status: 400, word: 'ExpiredToken' }]],
  ['finds the clock wrong', 'STORAGE_CREDENTIALS', /clock/, [{ status: 403, word: 'RequestTimeTooSkewed' }]],
  [
    'is in another region',
    'STORAGE_ADDRESS',
    /AWS_REGION to eu-north-1/,
    [{ status: 301, headers: { 'x-amz-bucket-region': 'eu-north-1', location: 'http://127.0.0.1:9/' } }],
  ],
  ['is full', 'STORAGE_FULL', /full.*Make room.*507/, [{ status: 507, word: 'InsufficientStorage' }]],
  ['is full, by its quota', 'STORAGE_FULL', /quota/, [{ status: 403, word: 'QuotaExceeded' }]],
  ['refuses', 'STORAGE_REFUSED', /speaks S3.*400 InvalidRequest/, [{ status: 400, word: 'InvalidRequest' }]],
  ['lacks conditions', 'STORAGE_REFUSED', /If-None-Match/, [{ status: 501, word: 'NotImplemented' }]],
] as [string, string, RegExp, Fault[]][]) {
  test(`a store that ${words} is ${code}, and what to do is said`, async ({ store }) => {
    store.files.set('run/part', Buffer.from(CONTENT));
    store.fail(/GET .*part/, ...faults);
    const error = await refused(at(store, undefined, waitsFor(faults[0])).read('part'));
    assert.is(error.code, code);
    assert.match(error.message, /^s3:\/\/bucket\/run\/part cannot be read: /);
    assert.match(error.message, advice);
    if (/long|short|silent|cut|stalled/.test(String(faults[0]))) return;
    store.fail(/PUT .*part/, ...faults);
    const unwritten = await refused(at(store).create('part', CONTENT.subarray(0, 9)));
    assert.is(unwritten.code, code);
    assert.match(unwritten.message, /cannot be written: /);
  });
}

test('a refusal of HEAD, which has no words, is told in those of GET', async ({ store }) => {
  store.fail(/HEAD/, { status: 403 }, { status: 403 });
  store.fail(/GET/, { status: 403, word: 'InvalidAccessKeyId' });
  assert.is((await refused(at(store).size('part'))).code, 'STORAGE_CREDENTIALS');
  // Who may read and not look.
  assert.is((await refused(at(store).size('part'))).code, 'STORAGE_FORBIDDEN');
});

test('a bucket that is not there is named as that, by reading, listing and writing', async ({ store }) => {
  const storage = at(store, 's3://elsewhere/run');
  for (const work of [
    () => storage.size('a'),
    () => storage.read('a'),
    () => storage.list(''),
    () => storage.write('a', CONTENT),
    () => storage.append('a', CONTENT),
  ]) {
    const error = await refused(work());
    assert.is(error.code, 'STORAGE_ABSENT');
    assert.match(error.message, /s3:\/\/elsewhere\/run.*no such bucket.*endpoint/);
  }
});

test('a host that nobody listens at, and one that is no S3, are told', async ({ store }) => {
  const nobody = s3Storage('s3://bucket/run', {
    environment: { ...store.environment, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' },
    waits: WAITS,
  });
  const unreachable = await refused(nobody.size('run.json'));
  assert.is(unreachable.code, 'STORAGE_UNREACHABLE');
  assert.match(unreachable.message, /ECONNREFUSED|broke off/);
  store.fail(/list-type/, { status: 200, body: '<html>Welcome</html>' });
  assert.is((await refused(at(store).list(''))).code, 'STORAGE_REFUSED');
  store.fail(/POST/, { status: 200, body: '<html>Welcome</html>' });
  assert.is((await refused(at(store).write('large', CONTENT))).code, 'STORAGE_REFUSED');
});

test('a file that somebody changes for ever is given up', async ({ store }) => {
  store.files.set('run/part', Buffer.from(CONTENT));
  store.fail(/GET .*part/, ...Array.from({ length: 50 }, () => ({ status: 412 })));
  const error = await refused(at(store).read('part'));
  assert.is(error.code, 'STORAGE_UNREACHABLE');
  assert.match(error.message, /other processes changed it 50 times/);
  store.fail(/PUT .*part/, ...Array.from({ length: 50 }, () => ({ status: 409, word: 'ConditionalRequestConflict' })));
  assert.is((await refused(at(store).create('part', CONTENT.subarray(0, 9)))).code, 'STORAGE_UNREACHABLE');
});

test.run();
