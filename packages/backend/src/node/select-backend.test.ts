import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type BackendName, selectBackend } from './select-backend.js';

const test = suite('selectBackend');
const start = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'vogjs-backend-'));

test.before.each(() => {
  delete process.env['VOGJS_BACKEND'];
  process.chdir(start);
});
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

/** A folder to run in, where @tensorflow/tfjs-node has this code; with our own copy of tfjs beside it, or another. */
function projectWith(name: string, code: string | null, ownCopy: boolean): string {
  const project = join(folder, name);
  const scope = join(project, 'node_modules/@tensorflow');
  mkdirSync(join(scope, 'tfjs-node'), { recursive: true });
  if (code !== null) writeFileSync(join(scope, 'tfjs-node/index.js'), code);
  if (ownCopy) {
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs');
    symlinkSync(dirname(dirname(entry)), join(scope, 'tfjs'));
  } else {
    mkdirSync(join(scope, 'tfjs'));
    writeFileSync(join(scope, 'tfjs/index.js'), '');
  }
  return project;
}

async function codeOf(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, VogError);
    return error as VogError;
  }
  return { code: 'none', message: '' };
}

test('auto takes a backend that is active afterwards, and says why the faster ones were not taken', async () => {
  const { backend, version, notes } = await selectBackend();
  assert.ok(['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm'].includes(backend));
  assert.match(version, /^tfjs 4\./);
  assert.is(tf.getBackend(), backend.startsWith('tfjs-node') ? 'tensorflow' : backend);
  if (backend === 'wasm') {
    assert.ok(notes.some((note) => note.startsWith('tfjs-node-gpu: ')));
    assert.ok(notes.some((note) => note.startsWith('tfjs-node: ')));
    // Whatever this machine has: no driver, no adapter, or one that computes on the processor.
    assert.ok(
      notes.some((note) =>
        /^webgpu: .*(software adapter|no adapter|no graphics card|does not load|not installed)/.test(note),
      ),
    );
    assert.ok(notes.some((note) => /repaired .*MaxPoolGrad/.test(note)));
  }
});

test('a forced backend is the one that is active', async () => {
  for (const name of ['cpu', 'wasm'] as const) {
    assert.is((await selectBackend(name)).backend, name);
    assert.is(tf.getBackend(), name);
  }
});

test('VOGJS_BACKEND forces one where the caller leaves the choice, and yields to a named one', async () => {
  process.env['VOGJS_BACKEND'] = 'cpu';
  assert.is((await selectBackend()).backend, 'cpu');
  assert.is((await selectBackend('auto')).backend, 'cpu');
  assert.is((await selectBackend('wasm')).backend, 'wasm');
  process.env['VOGJS_BACKEND'] = 'abacus';
  assert.is((await codeOf(selectBackend())).code, 'ARGUMENT_INVALID');
});

test('an unknown backend is refused with the list of known ones', async () => {
  const { code, message } = await codeOf(selectBackend('abacus' as BackendName));
  assert.is(code, 'ARGUMENT_INVALID');
  assert.match(message, /tfjs-node-gpu, tfjs-node, webgpu, wasm, cpu/);
});

for (const [name, content, ownCopy, reason] of [
  ['a folder that a failed install left behind', null, true, /not installed/],
  [
    'an add-on that cannot be found',
    "throw new Error('The Node.js native addon module can not be found at: x')",
    true,
    /does not load \(The Node.js native addon/,
  ],
  ['a package that registers no backend', '', true, /does not start/],
  ['another copy of TensorFlow.js', "throw new Error('must not be loaded')", false, /another copy/],
] as const) {
  test(`tfjs-node as ${name}: forced it is an error with the reason, and auto goes on to wasm`, async () => {
    process.chdir(projectWith(name.replaceAll(/\W/g, '-'), content, ownCopy));
    const { code, message } = await codeOf(selectBackend('tfjs-node'));
    assert.is(code, 'BACKEND_UNAVAILABLE');
    assert.match(message, reason);
    const { backend, notes } = await selectBackend();
    assert.ok(['webgpu', 'wasm'].includes(backend));
    assert.ok(
      notes.some((note) => note.startsWith('tfjs-node: ') && reason.test(note)),
      notes.join('\n'),
    );
  });
}

test('the wasm runtime leaves no listeners on the process', async () => {
  await selectBackend('wasm');
  const rethrowing = [
    ...process.listeners('uncaughtException'),
    ...process.listeners('unhandledRejection' as 'uncaughtException'),
  ].filter((listener) => /ExitStatus|throw reason/.test(String(listener)));
  assert.equal(rethrowing, []);
});

test.run();
