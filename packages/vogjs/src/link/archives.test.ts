// Only with --all: it packs and damages archives
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tarOf, zipOf } from './archives.test.helper.js';
import { unpackTar } from './tar.js';
import { openZip } from './zip.js';

const folder = mkdtempSync(join(tmpdir(), 'vogjs-archives-'));
const test = suite('archives');
test.after(() => rmSync(folder, { recursive: true }));

let count = 0;
function write(content: Buffer): string {
  const path = join(folder, `archive-${count++}`);
  writeFileSync(path, content);
  return path;
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return error instanceof VogError ? error.code : String(error);
  }
  return 'no error';
}

const text = Buffer.from('the same words again and again '.repeat(1000));
// More than a piece of the reader, and incompressible.
const noise = randomBytes(3_000_001);

for (const stored of [true, false]) {
  for (const zip64 of [true, false]) {
    test(`a ${stored ? 'stored' : 'deflated'} entry of a ${zip64 ? 'zip64' : 'plain'} archive reads back`, async () => {
      const files = [
        { name: 'empty', content: Buffer.alloc(0) },
        { name: 'folder/text', content: text },
        { name: 'noise', content: noise },
      ].map((file) => ({ ...file, stored, zip64 }));
      const zip = await openZip(write(zipOf(files, zip64)));
      assert.equal([...zip.entries.keys()], ['empty', 'folder/text', 'noise']);
      // Out of order, and after a reader that stopped early.
      for await (const part of await zip.stream(zip.entries.get('noise')!)) {
        assert.ok((part as Buffer).length > 0);
        break;
      }
      for (const { name, content } of files.toReversed()) {
        assert.ok((await zip.read(zip.entries.get(name)!)).equals(content), name);
      }
      await zip.close();
    });
  }
}

test('a changed byte is a FORMAT_INVALID, at the end of the entry', async () => {
  const bytes = zipOf([{ name: 'noise', content: noise, stored: true }]);
  bytes[1_000_000] = (bytes[1_000_000] ?? 0) ^ 1;
  const zip = await openZip(write(bytes));
  assert.is(await codeOf(() => zip.read(zip.entries.get('noise')!)), 'FORMAT_INVALID');
  await zip.close();
});

test('an archive that is cut off, and what is none, are refused as they are opened', async () => {
  const path = write(zipOf([{ name: 'noise', content: noise }]));
  truncateSync(path, 1_000_000);
  assert.is(await codeOf(() => openZip(path)), 'FORMAT_TRUNCATED');
  assert.is(await codeOf(() => openZip(write(Buffer.from('PK')))), 'FORMAT_TRUNCATED');
});

const deep = `include/${'d'.repeat(60)}/${'e'.repeat(80)}/header.h`;

test('a tar gives its include and lib files, links and long names, and nothing else', async () => {
  const target = join(folder, 'unpacked');
  const path = write(
    tarOf([
      { name: 'LICENSE', content: text },
      { name: './lib/libtensorflow.so.2', content: noise },
      { name: 'lib/libtensorflow.so', link: 'libtensorflow.so.2' },
      { name: deep, content: text, long: 'gnu' },
      { name: deep.replace('header', 'other'), content: noise, long: 'pax' },
      { name: 'include/empty.h' },
    ]),
  );
  await unpackTar(path, target);
  assert.equal(readdirSync(target).sort(), ['include', 'lib']);
  assert.ok(readFileSync(join(target, 'lib/libtensorflow.so.2')).equals(noise));
  assert.is(readlinkSync(join(target, 'lib/libtensorflow.so')), 'libtensorflow.so.2');
  assert.ok(readFileSync(join(target, deep)).equals(text));
  assert.ok(readFileSync(join(target, deep.replace('header', 'other'))).equals(noise));
  assert.is(readFileSync(join(target, 'include/empty.h')).length, 0);
});

test('a tar that is cut off or damaged is refused', async () => {
  const whole = tarOf([{ name: 'lib/libtensorflow.so.2', content: noise }]);
  const cut = write(whole.subarray(0, 1_000_000));
  assert.is(await codeOf(() => unpackTar(cut, join(folder, 'cut'))), 'FORMAT_INVALID');
  const ending = write(gzipSync(gunzipSync(whole).subarray(0, 100_000)));
  assert.is(await codeOf(() => unpackTar(ending, join(folder, 'ending'))), 'FORMAT_TRUNCATED');
  const wrong = gunzipSync(whole);
  wrong[0] = 1;
  assert.is(await codeOf(() => unpackTar(write(gzipSync(wrong)), join(folder, 'wrong'))), 'FORMAT_INVALID');
});

test.run();
