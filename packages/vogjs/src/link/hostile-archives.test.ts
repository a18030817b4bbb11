// Only with --all: it unpacks archives made to hurt
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tarOf, zipOf, type Packed, type Tarred } from './archives.test.helper.js';
import { unpackTar } from './tar.js';
import { openZip, type ZipFile } from './zip.js';

const folder = mkdtempSync(join(tmpdir(), 'vogjs-hostile-'));
const test = suite('hostile archives');
test.after(() => rmSync(folder, { recursive: true }));

let count = 0;
function write(content: Buffer): string {
  const path = join(folder, `archive-${count++}`);
  writeFileSync(path, content);
  return path;
}

/** Refused with this code within a second, and with 64 MiB of memory. */
async function refuses(work: () => Promise<unknown>, code: string, message: RegExp = /./): Promise<void> {
  const memory = process.memoryUsage().rss;
  const began = processorTime();
  let error: unknown = null;
  try {
    await work();
  } catch (thrown) {
    error = thrown;
  }
  assert.instance(error, VogError, `nothing coded was thrown: ${String(error)}`);
  assert.is((error as VogError).code, code, String(error));
  assert.match((error as VogError).message, message);
  assert.ok(processorTime() - began < 1000, `${processorTime() - began} ms`);
  assert.ok(process.memoryUsage().rss - memory < 2 ** 26, `${process.memoryUsage().rss - memory} bytes`);
}

const text = Buffer.from('some words');

/** What is refused leaves nothing beside its own folder: nothing was written through a link. */
function refusesTar(what: string, files: readonly Tarred[], code: string, message: RegExp): void {
  test(`a tar with ${what} is ${code}, and nothing lies outside of its folder`, async () => {
    const root = mkdtempSync(join(folder, 'tar-'));
    const target = join(root, 'deep/er/target');
    const path = write(tarOf(files));
    await refuses(() => unpackTar(path, target), code, message);
    const inside = readdirSync(root, { recursive: true }).map(String);
    assert.ok(
      inside.every((name) => /^deep(?:\/er(?:\/target(?:\/(?:lib|include).*)?)?)?$/.test(name)),
      inside.join(),
    );
  });
}

const linkChain = Array.from({ length: 5 }, (_, depth) => ({ name: `lib${'/a'.repeat(depth + 1)}`, link: '..' }));
refusesTar('links to ..', linkChain, 'FORMAT_INVALID', /lib\/a links to "\.\."/);
refusesTar('a link to .', [{ name: 'lib/a', link: '.' }], 'FORMAT_INVALID', /lib\/a links to "\."/);
refusesTar('a link to /', [{ name: 'lib/a', link: '/' }], 'FORMAT_INVALID', /links to/);
refusesTar('an absolute link', [{ name: 'lib/a', link: '/etc/passwd' }], 'FORMAT_INVALID', /links to/);
refusesTar('a link to a path', [{ name: 'lib/a', link: '../../escaped' }], 'FORMAT_INVALID', /links to/);
refusesTar('an empty link', [{ name: 'lib/a', link: '' }], 'FORMAT_INVALID', /links to/);
refusesTar('a link to nothing', [{ name: 'lib/a', link: 'b' }], 'FORMAT_INVALID', /not a file of the archive/);
refusesTar('a link to itself', [{ name: 'lib/a', link: 'a' }], 'FORMAT_INVALID', /not a file of the archive/);
refusesTar(
  'links in a circle',
  [
    { name: 'lib/a', link: 'b' },
    { name: 'lib/b', link: 'a' },
  ],
  'FORMAT_INVALID',
  /not a file of the archive/,
);
refusesTar(
  'a link to a folder of its own',
  [
    { name: 'lib/b/x', content: text },
    { name: 'lib/a', link: 'b' },
  ],
  'FORMAT_INVALID',
  /not a file of the archive/,
);
refusesTar(
  'a file below a link',
  [
    { name: 'lib/b', content: text },
    { name: 'lib/a', link: 'b' },
    { name: 'lib/a/x', content: text },
  ],
  'FORMAT_INVALID',
  /a folder and not one/,
);
refusesTar(
  'a link where a folder is',
  [
    { name: 'lib/a/x', content: text },
    { name: 'lib/a', link: 'x' },
  ],
  'FORMAT_INVALID',
  /a file and a folder/,
);
refusesTar(
  'a file where a link is',
  [
    { name: 'lib/b', content: text },
    { name: 'lib/a', link: 'b' },
    { name: 'lib/./a', content: text },
  ],
  'FORMAT_INVALID',
  /two entries named lib\/a/,
);
refusesTar('a hard link', [{ name: 'lib/a', link: '/etc/passwd', type: '1' }], 'FORMAT_UNSUPPORTED', /a hard link/);
refusesTar('a device', [{ name: 'lib/a', type: '3' }], 'FORMAT_UNSUPPORTED', /a special file/);
refusesTar('a pipe', [{ name: 'include/a', type: '6' }], 'FORMAT_UNSUPPORTED', /a special file/);
for (const [what, name] of [
  ['..', 'lib/../../escaped'],
  ['.. at its end', 'lib/..'],
  ['.. outside of lib', '../escaped'],
  ['an absolute path', '/lib/a'],
  ['a backslash', 'lib\\..\\..\\escaped'],
  ['a drive letter', 'C:lib/a'],
  ['a line break', 'lib/a\nb'],
] as const) {
  refusesTar(`a name with ${what}`, [{ name, content: text }], 'FORMAT_INVALID', /has an entry named/);
}
refusesTar(
  'a part of a name of 300 bytes',
  [{ name: `lib/${'a'.repeat(300)}`, content: text, long: 'gnu' }],
  'FORMAT_INVALID',
  /is too long/,
);
refusesTar(
  'a path of 5,000 bytes',
  [{ name: `lib${'/abcd'.repeat(1000)}`, content: text, long: 'pax' }],
  'FORMAT_INVALID',
  /is too long/,
);
refusesTar(
  'a long name that leads out',
  [{ name: `lib/${'a'.repeat(100)}/../../../x`, content: text, long: 'pax' }],
  'FORMAT_INVALID',
  /leads out/,
);
refusesTar(
  'a long name of 4 GiB',
  [{ name: '././@LongLink', type: 'L', claim: 2 ** 32 }],
  'FORMAT_INVALID',
  /a name of 4294967296 bytes/,
);
refusesTar('a file that claims 8 GiB', [{ name: 'lib/a', claim: 8 ** 11 - 1 }], 'FORMAT_INVALID', /claims 8589934591/);
refusesTar(
  'a file that claims more than there is',
  [{ name: 'lib/a', content: text, claim: 5000 }],
  'FORMAT_TRUNCATED',
  /ends before/,
);
refusesTar(
  '5,000 files',
  Array.from({ length: 5000 }, (_, i) => ({ name: `lib/${i}` })),
  'FORMAT_INVALID',
  /more than 4096 files/,
);

for (const [what, name] of [
  ['NULs that end in x', `${'\0'.repeat(99_999)}x`],
  ['spaces', ' '.repeat(60_000)],
  ['slashes', `lib${'/'.repeat(60_000)}x`],
  ['dots', `lib${'/.'.repeat(30_000)}`],
] as const) {
  test(`a tar's long name of ${what} is gone over once`, async () => {
    for (const type of ['L', 'K', 'x']) {
      const path = write(
        tarOf([
          { name: 'long', type, content: Buffer.from(name) },
          { name: 'lib/a', content: text },
        ]),
      );
      const began = processorTime();
      await unpackTar(path, mkdtempSync(join(folder, 'long-'))).catch((error: unknown) =>
        assert.instance(error, VogError, String(error)),
      );
      assert.ok(processorTime() - began < 1000);
    }
  });
}

test('a pax header of many lines that look like records is walked by their lengths', async () => {
  const records = ['1 path=x\n'.repeat(6000), `${'9'.repeat(60_000)} path=x\n`, '\n'.repeat(60_000)];
  for (const record of records) {
    const path = write(tarOf([{ name: 'pax', type: 'x', content: Buffer.from(record) }, { name: 'lib/a' }]));
    await refuses(() => unpackTar(path, mkdtempSync(join(folder, 'pax-'))), 'FORMAT_INVALID', /pax header is damaged/);
  }
  const value = '30 comment=a\n11 path=lib/evil\n';
  assert.is(value.length, 30);
  const target = mkdtempSync(join(folder, 'pax-'));
  await unpackTar(write(tarOf([{ name: 'pax', type: 'x', content: Buffer.from(value) }, { name: 'lib/a' }])), target);
  assert.equal(readdirSync(join(target, 'lib')), ['a'], 'a record inside of a value is none');
});

test('a tar that unpacks to more than fifty times its size is a bomb, wherever its bytes are', async () => {
  const zeros = Buffer.alloc(2 ** 28);
  for (const name of ['lib/a', 'share/a']) {
    const path = write(tarOf([{ name, content: zeros }]));
    const target = mkdtempSync(join(folder, 'bomb-'));
    await refuses(
      () => unpackTar(path, target),
      'FORMAT_INVALID',
      /more than 50 times its size|claims 268435456 bytes/,
    );
  }
  // Behind the end of the archive.
  const behind = write(gzipSync(Buffer.concat([gunzipSync(tarOf([{ name: 'lib/a' }])), zeros])));
  await refuses(() => unpackTar(behind, mkdtempSync(join(folder, 'bomb-'))), 'FORMAT_INVALID', /more than 50 times/);
});

test('a tar gzipped twice, cut at its end, or with a wrong checksum there is refused', async () => {
  const whole = tarOf([{ name: 'lib/a', content: text }]);
  const changed = Buffer.from(whole);
  changed[changed.length - 6]! ^= 1;
  for (const [content, code] of [
    [gzipSync(whole), 'FORMAT_TRUNCATED'], // fewer bytes than a header has
    [whole.subarray(0, -1), 'FORMAT_INVALID'],
    [changed, 'FORMAT_INVALID'],
  ] as const) {
    await refuses(() => unpackTar(write(content), mkdtempSync(join(folder, 'cut-'))), code);
  }
});

test('links over links beside them are made, in any order', async () => {
  const target = mkdtempSync(join(folder, 'links-'));
  const files: Tarred[] = [
    { name: 'lib/libx.so', link: 'libx.so.2' },
    { name: 'lib/libx.so.2', link: 'libx.so.2.1' },
    { name: 'lib/libx.so.2.1', content: text },
  ];
  await unpackTar(write(tarOf(files)), target);
  assert.ok(existsSync(join(target, 'lib/libx.so')));
});

async function withZip<T>(content: Buffer, work: (zip: ZipFile) => Promise<T>): Promise<T> {
  const zip = await openZip(write(content));
  try {
    return await work(zip);
  } finally {
    await zip.close();
  }
}

for (const [what, files, message] of [
  ['a name with ..', [{ name: 'tensorflow/../../x' }], /leads out/],
  ['an absolute name', [{ name: '/etc/x' }], /an absolute path/],
  ['a drive letter', [{ name: 'C:/x' }], /an absolute path/],
  ['a backslash', [{ name: 'a\\b' }], /a backslash/],
  ['a NUL', [{ name: 'a\0b' }], /control characters/],
  ['an empty name', [{ name: '' }], /is empty/],
  ['one name twice', [{ name: 'a' }, { name: 'a' }], /two entries named a/],
  ['one place twice', [{ name: 'a/b' }, { name: 'a/./b' }], /two entries named/],
  ['a symbolic link', [{ name: 'a', mode: 0o120777 }], /a symbolic link/],
] as const) {
  test(`a zip with ${what} is FORMAT_INVALID`, async () => {
    const packed = files.map((file) => ({ content: text, ...file }));
    await refuses(() => openZip(write(zipOf(packed))), 'FORMAT_INVALID', message);
  });
}

const bomb = { name: 'a', content: Buffer.alloc(2 ** 26) };
const claims: readonly (readonly [string, Packed, string, RegExp])[] = [
  ['claims 10 bytes of 64 MiB', { ...bomb, claim: 10 }, 'FORMAT_INVALID', /longer than the 10 bytes/],
  ['claims 10 bytes of 64 MiB, stored', { ...bomb, stored: true, claim: 10 }, 'FORMAT_INVALID', /longer than the 10/],
  ['claims 1 TiB', { ...bomb, zip64: true, claim: 2 ** 40 }, 'FORMAT_INVALID', /claims 1099511627776 bytes/],
  ['claims a byte more than it has', { name: 'a', content: text, claim: 11 }, 'FORMAT_INVALID', /damaged/],
  ['has no bytes and claims some', { name: 'a', content: text, packed: Buffer.alloc(0) }, 'FORMAT_INVALID', /./],
  ['is no deflate stream', { name: 'a', content: text, packed: Buffer.alloc(99, 255) }, 'FORMAT_INVALID', /unpacked/],
  [
    'is cut inside its deflate stream',
    { name: 'a', content: text, packed: deflateRawSync(text).subarray(0, 5) },
    'FORMAT_INVALID',
    /./,
  ],
  [
    'is deflated twice',
    { name: 'a', content: text, packed: deflateRawSync(deflateRawSync(text)) },
    'FORMAT_INVALID',
    /./,
  ],
  ['is encrypted', { name: 'a', content: text, encrypted: true }, 'FORMAT_UNSUPPORTED', /encrypted/],
  ['has another local name', { name: 'a', content: text, localName: 'b' }, 'FORMAT_INVALID', /damaged/],
];
for (const [what, file, code, message] of claims) {
  test(`a zip entry that ${what} is ${code} when it is read`, () =>
    withZip(zipOf([file]), (zip) => refuses(() => zip.read(zip.entries.get('a')!), code, message)));
}

test('a zip directory that claims more than the file, a wheel or a number can hold is refused', async () => {
  const plain = zipOf([{ name: 'a', content: text }]);
  const end = plain.length - 22;
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(plain);
    copy.writeUInt32LE(value, at);
    return copy;
  };
  await refuses(() => openZip(write(changed(end + 12, 0x7fffffff))), 'FORMAT_INVALID');
  await refuses(() => openZip(write(changed(end + 16, 0x7fffffff))), 'FORMAT_INVALID');
  const wide = zipOf([{ name: 'a', content: text }], true);
  const locator = wide.length - 22 - 20;
  for (const value of [2n ** 64n - 1n, 2n ** 63n, 2n ** 53n, BigInt(wide.length)]) {
    for (const at of [locator + 8, locator - 56 + 32, locator - 56 + 40, locator - 56 + 48]) {
      const copy = Buffer.from(wide);
      copy.writeBigUInt64LE(value, at);
      const isEnd = at === locator + 8 && value === BigInt(wide.length);
      await refuses(() => openZip(write(copy)), isEnd ? 'FORMAT_TRUNCATED' : 'FORMAT_INVALID');
    }
  }
  await refuses(() => openZip(write(Buffer.concat([plain, text]))), 'FORMAT_TRUNCATED', /no end of a zip archive/);
});

/** Milliseconds of the processor: other processes on the machine do not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

test.run();
