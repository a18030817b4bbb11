import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stageLibraries } from './build.js';
import { collectHeaders, includedHeaders } from './headers.js';
import { openSource, type TensorFlowSource } from './source.js';

const folder = mkdtempSync(join(tmpdir(), 'vogjs-headers-'));
const test = suite('headers of TensorFlow');
test.after(() => rmSync(folder, { recursive: true }));

/** A TensorFlow with these headers, in a folder of its own with a file beside it that no header may reach. */
async function tensorflow(name: string, headers: Readonly<Record<string, string>>): Promise<TensorFlowSource> {
  const root = join(folder, name, 'tensorflow');
  mkdirSync(join(root, 'include'), { recursive: true });
  for (const library of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
    writeFileSync(join(root, library), '');
  for (const [path, text] of Object.entries(headers)) {
    mkdirSync(join(root, 'include', path, '..'), { recursive: true });
    writeFileSync(join(root, 'include', path), text);
  }
  writeFileSync(join(folder, name, 'package.json'), '{}');
  writeFileSync(join(root, 'secret.h'), '');
  return openSource(root, join(folder, name, 'scratch'));
}

test('what a header includes outside of include/ is neither read nor copied', async () => {
  const source = await tensorflow('outside', {
    'tensorflow/c/c_api.h': [
      '#include "../../../package.json"',
      '#include "../../../../package.json"',
      '#include "../../../secret.h"',
      '#include "tensorflow/../../secret.h"',
      '#include "../../tensorflow/../../secret.h"',
      `#include "${join(folder, 'outside/package.json')}"`,
      '#include "/etc/passwd"',
      '#include "..\\\\..\\\\secret.h"',
      '#include ".."',
      '#include "."',
      '#include "../sibling.h"',
      '#include "./../c/./beside.h"',
    ].join('\n'),
    'tensorflow/sibling.h': '',
    'tensorflow/c/beside.h': '',
  });
  const asked: string[] = [];
  const read = (path: string) => {
    asked.push(path);
    return source.header(path);
  };
  const headers = await collectHeaders(['tensorflow/c/c_api.h'], read, 'test');
  const expected = ['tensorflow/c/c_api.h', 'tensorflow/sibling.h', 'tensorflow/c/beside.h'];
  assert.equal([...headers.keys()], expected);
  assert.ok(
    asked.every((path) => !path.includes('..') && !path.startsWith('/')),
    asked.join(),
  );
  const staging = join(folder, 'outside/a/b/c/staging');
  await stageLibraries(source, headers, staging);
  const written = readdirSync(join(folder, 'outside/a'), { recursive: true }).map(String);
  assert.ok(written.every((path) => 'b/c/staging/deps'.startsWith(path) || /staging\/deps\/(lib|include)/.test(path)));
});

test('a root that leads out of include/ is missing, whatever lies there', async () => {
  const source = await tensorflow('root', { 'tensorflow/c/c_api.h': '' });
  const roots = ['tensorflow/../../secret.h'];
  const error = await collectHeaders(roots, source.header, 'test').catch((thrown: unknown) => thrown);
  assert.instance(error, VogError);
  assert.is((error as VogError).code, 'TENSORFLOW_HEADERS_MISSING');
});

test('stageLibraries writes no header outside of its folder, whoever made the list', async () => {
  const source = await tensorflow('stage', {});
  const headers = new Map([['../../../../escaped.h', Buffer.from('')]]);
  const error = await stageLibraries(source, headers, join(folder, 'stage/a/b')).catch((thrown: unknown) => thrown);
  assert.instance(error, VogError);
  assert.is((error as VogError).code, 'FORMAT_INVALID');
  assert.not(
    readdirSync(join(folder, 'stage'), { recursive: true })
      .map(String)
      .some((path) => path.includes('escaped')),
  );
});

test('headers that include each other, in a chain of 20,000 or in a circle, are each read once', async () => {
  const next = (path: string): string => (path === 'h19999.h' ? 'h0.h' : `h${Number(path.slice(1, -2)) + 1}.h`);
  let reads = 0;
  const read = (path: string) => {
    reads++;
    return Promise.resolve(Buffer.from(`#include "${next(path)}"\n#include "nowhere.h"`.replace(/nowhere/, 'h0')));
  };
  assert.is((await collectHeaders(['h0.h'], read, 'test')).size, 20_000);
  assert.is(reads, 20_000);
});

test('a header of 100,000 characters that nearly includes is gone over once', async () => {
  const lines = ['#include <x\n', '#include "\n', '#include <', ' ', '\t#\t', '\n', '#', '# include <a'];
  for (const line of lines) {
    const text = Buffer.from(line.repeat(100_000 / line.length));
    const began = processorTime();
    await collectHeaders(['a.h'], (path) => Promise.resolve(path === 'a.h' ? text : null), 'test');
    assert.ok(processorTime() - began < 1000, `${JSON.stringify(line)}: ${processorTime() - began} ms`);
  }
});

test('headers of more than 16 MiB together are no TensorFlow', async () => {
  const big = Buffer.alloc(2 ** 23);
  const text = Buffer.from('#include "b.h"\n#include "c.h"\n#include "d.h"');
  const read = (path: string) => Promise.resolve(path === 'a.h' ? text : big);
  const error = await collectHeaders(['a.h'], read, 'test').catch((thrown: unknown) => thrown);
  assert.instance(error, VogError);
  assert.is((error as VogError).code, 'FORMAT_INVALID');
});

test('a pipe in the place of a header, a library or the whole is not waited on', async () => {
  const source = await tensorflow('pipes', { 'tensorflow/c/c_api.h': '' });
  const pipe = (path: string): string => {
    rmSync(path, { force: true });
    execFileSync('mkfifo', [path]);
    return path;
  };
  pipe(join(folder, 'pipes/tensorflow/include/tensorflow/c/c_api.h'));
  assert.is(await source.header('tensorflow/c/c_api.h'), null);
  assert.is(await source.header('tensorflow/c'), null, 'nor is a folder read');
  const whole = await openSource(pipe(join(folder, 'pipes/a.whl')), folder).catch((thrown: unknown) => thrown);
  assert.is((whole as VogError).code, 'FORMAT_UNSUPPORTED');
  pipe(join(folder, 'pipes/tensorflow/libtensorflow_cc.so.2'));
  const library = await openSource(join(folder, 'pipes/tensorflow'), folder).catch((thrown: unknown) => thrown);
  assert.is((library as VogError).code, 'TENSORFLOW_LIBRARIES_MISSING');
});

test('the add-on’s own sources name the roots', async () => {
  mkdirSync(join(folder, 'binding'));
  writeFileSync(join(folder, 'binding/a.cc'), '#include "tensorflow/c/c_api.h"\n#include <vector>\n#include "own.h"\n');
  writeFileSync(join(folder, 'binding/own.h'), ' # include <tensorflow/c/eager/c_api.h>');
  assert.equal(await includedHeaders(join(folder, 'binding')), ['tensorflow/c/c_api.h', 'tensorflow/c/eager/c_api.h']);
});

/** Milliseconds of the processor: other processes on the machine do not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

test.run();
