// Only with --all: it copies folders
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRun } from '../open/create-run.js';
import { openRun, type Run } from '../open/open-run.js';
import { reviewRun } from '../review-run/review-run.js';
import { memoryStorage } from '../storage/memory.js';
import { rearrangeFolder } from './rearrange-folder.js';

const paths = ['cat/1.png', 'cat/2.png', 'dog/1.png', 'dog/3', 'dog/deep/1.png'];

async function reviewed(files: readonly string[] = paths, classNames = ['cat', 'dog']): Promise<Run> {
  const storage = memoryStorage();
  const run = await createRun(storage, { examples: files.length, classNames });
  const labels = Int32Array.from(files, (path) => Number(path.startsWith('dog')));
  await run.scores({ ids: files, paths: files, labels, scores: [] });
  return openRun(storage);
}

async function inFolder(work: (data: string, to: string) => Promise<void>): Promise<void> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'vogjs-rearrange-')));
  try {
    for (const path of paths) {
      await mkdir(join(folder, 'data', path, '..'), { recursive: true });
      await writeFile(join(folder, 'data', path), `the content of ${path}`);
    }
    await work(join(folder, 'data'), join(folder, 'new'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const filesOf = async (folder: string): Promise<Record<string, string>> => {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const contents = await Promise.all(names.map((name) => readFile(name, 'utf8')));
  return Object.fromEntries(names.map((name, i) => [name.slice(folder.length + 1), contents[i] as string]));
};

for (const by of ['copy', 'link'] as const) {
  test(`by ${by}: relabelled files lie in their class, excluded ones nowhere, and the data is as it was`, async () => {
    await inFolder(async (from, to) => {
      const before = await filesOf(from);
      const run = await reviewed();
      const { decide } = await reviewRun(run);
      await decide({ id: 'cat/1.png', decision: 'relabel', label: 1 });
      await decide({ id: 'cat/2.png', decision: 'exclude' });
      await decide({ id: 'dog/3', decision: 'confirm' });
      assert.equal(await rearrangeFolder(run, { from, to, by }), { files: 4, relabelled: 1, excluded: 1 });
      assert.equal(await filesOf(to), {
        'dog/1-1.png': 'the content of dog/deep/1.png',
        'dog/1-2.png': 'the content of cat/1.png',
        'dog/1.png': 'the content of dog/1.png',
        'dog/3': 'the content of dog/3',
      });
      assert.is((await lstat(join(to, 'dog/3'))).isSymbolicLink(), by === 'link');
      assert.equal(await filesOf(from), before);
    });
  });
}

test('nothing is written where something is, into the data, out of the folder, or with a file missing', async () => {
  const refused = async (work: Promise<unknown>, code: string): Promise<void> => {
    const error = await work.catch((thrown: unknown) => thrown);
    assert.is(error instanceof VogError ? error.code : String(error), code);
  };
  await inFolder(async (from, to) => {
    const run = await reviewed();
    await refused(rearrangeFolder(run, { from, to: from }), 'ARGUMENT_INVALID');
    await refused(rearrangeFolder(run, { from, to: join(from, 'new') }), 'ARGUMENT_INVALID');
    for (const bad of [
      ['..', 'x'],
      ['a/b', 'x'],
      ['', 'x'],
    ]) {
      await refused(rearrangeFolder(await reviewed(paths, bad), { from, to }), 'ARGUMENT_INVALID');
    }
    await refused(rearrangeFolder(await reviewed(['../data/cat/1.png']), { from, to }), 'ARGUMENT_INVALID');
    await refused(rearrangeFolder(await reviewed([...paths, 'cat/gone.png']), { from, to }), 'FILE_FAILED');
    assert.is(await lstat(to).catch(() => null), null);
    await mkdir(to);
    await writeFile(join(to, 'mine'), 'kept');
    await refused(rearrangeFolder(run, { from, to }), 'ARGUMENT_INVALID');
    assert.equal(await filesOf(to), { mine: 'kept' });
  });
});

test.run();
