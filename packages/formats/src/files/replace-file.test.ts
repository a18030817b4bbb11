import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { replaceFile } from './replace-file.js';

const test = suite('replaceFile');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-replace-'));
test.after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file');

/** How often a file or a folder was flushed to the disk while `run` went on. */
async function flushesOf(run: () => Promise<unknown>): Promise<number> {
  const some = await open(folder, 'r');
  const kind = Object.getPrototypeOf(some) as FileHandle;
  await some.close();
  const { sync } = kind;
  let count = 0;
  kind.sync = function counted(this: FileHandle) {
    count++;
    return sync.call(this);
  };
  try {
    await run();
  } finally {
    kind.sync = sync;
  }
  return count;
}

test('it flushes the file and its folder, and with durable: false waits for no disk; the content is the same', async () => {
  for (const [options, flushes] of [
    [undefined, 2],
    [{ durable: true }, 2],
    [{ durable: false }, 0],
  ] as const) {
    const content = JSON.stringify(options) ?? 'none';
    const write = (): Promise<void> =>
      replaceFile(path, async (sink) => sink.write(0, new TextEncoder().encode(content)), options);
    assert.is(await flushesOf(write), flushes);
    assert.is(readFileSync(path, 'utf8'), content);
    assert.equal(readdirSync(folder), ['file']);
  }
});

test('a write that fails leaves the old content and no remains, durable or not', async () => {
  await replaceFile(path, async (sink) => sink.write(0, Uint8Array.of(65)));
  for (const durable of [true, false]) {
    const failed = replaceFile(
      path,
      async (sink) => {
        await sink.write(0, Uint8Array.of(66));
        throw new Error('half-way');
      },
      { durable },
    );
    assert.match(await failed.catch(String), /half-way/);
    assert.is(readFileSync(path, 'utf8'), 'A');
    assert.equal(readdirSync(folder), ['file']);
  }
});

test('options that are none are refused by code', async () => {
  for (const options of [{ durable: 1 }, { lasting: true }, null]) {
    const error = await replaceFile(path, async () => {}, options as never).catch((caught: unknown) => caught);
    assert.is((error as VogError).code, 'ARGUMENT_INVALID');
  }
});

test.run();
