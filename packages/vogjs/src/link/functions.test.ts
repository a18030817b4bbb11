// What the link adds to tfjs-node's add-on goes to places that are there once, or nowhere.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addFunctions } from './functions.js';

const test = suite('functions in the add-on');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-functions-'));
test.after(() => rmSync(folder, { recursive: true }));

/** What of tfjs-node 4.22's sources the addition holds on to. */
const HEADER = ' public:\n  // Get number of loaded SavedModel in the backend:\n private:\n';
const BINDING = [
  '#include "utils.h"',
  '',
  'namespace tfnodejs {',
  '/**',
  ' * Called by Node to cleanup our instance data, which is',
  ' */',
  '      {"createTensor", nullptr, CreateTensor, nullptr, nullptr, nullptr,',
  '}  // namespace tfnodejs',
  '',
].join('\n');

function sources(header: string, binding: string): string[] {
  writeFileSync(join(folder, 'tfjs_backend.h'), header);
  writeFileSync(join(folder, 'tfjs_binding.cc'), binding);
  return [header, binding];
}
const read = (): string[] =>
  ['tfjs_backend.h', 'tfjs_binding.cc'].map((name) => readFileSync(join(folder, name), 'utf8'));

test('sources that look otherwise, or are not there, stay as they are', async () => {
  for (const [header, binding] of [
    ['', BINDING],
    [HEADER, ''],
    [HEADER + HEADER, BINDING],
    [HEADER, BINDING.replace('CreateTensor', 'MakeTensor')],
    [HEADER, BINDING + BINDING],
  ] as const) {
    const before = sources(header, binding);
    assert.is(await addFunctions(folder), false);
    assert.equal(read(), before);
    assert.equal(readdirSync(folder).sort(), ['tfjs_backend.h', 'tfjs_binding.cc']);
  }
  assert.is(await addFunctions(join(folder, 'nowhere')), false);
});

test('each addition stands once, before its place, and nothing is lost', async () => {
  const before = sources(HEADER, BINDING);
  assert.is(await addFunctions(folder), true);
  const [header, binding] = read() as [string, string];
  assert.match(header, /context\(\) const[^]*num_functions = 0;[^]*Get number of loaded SavedModel/);
  assert.match(binding, /#include "tf_auto_status.h"\s+namespace tfnodejs \{/);
  assert.match(binding, /#include "vogjs_functions.h"\nnamespace tfnodejs \{\s+\/\*\*\n \* Called by Node/);
  for (const name of ['createFunction', 'deleteFunction', 'getNumOfFunctions']) {
    assert.is(binding.split(`{"${name}", nullptr, `).length, 2);
  }
  for (const [i, text] of [header, binding].entries()) {
    const kept = before[i]!.split('\n');
    let at = 0;
    for (const line of text.split('\n')) if (line === kept[at]) at += 1;
    assert.is(at, kept.length, 'every line of before is there, in its order');
  }
  assert.match(readFileSync(join(folder, 'vogjs_functions.h'), 'utf8'), /TF_GraphToFunction/);
});

test.run();
