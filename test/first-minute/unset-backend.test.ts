// Each case in a process of its own: which backend TensorFlow.js has, and who chose it, is one thing per process.
// Only with --all: it starts ten programs, some on the slow backend
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

interface Outcome {
  /** Backend while the first batch trains, and at the end. */
  readonly during: string;
  readonly after: string;
  readonly warnings: readonly string[];
  readonly code: string | null;
  readonly message: string;
  readonly scores: readonly number[];
  readonly tensors: number;
}

function run(how: string): Outcome {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [`${root}scripts/ts.mjs`, program('drop-in.ts'), how],
    { encoding: 'utf8', env: { ...process.env, VOGJS_BACKEND: '' } },
  );
  assert.is(status, 0, stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Outcome;
}

const test = suite('the first minute: a backend that nobody chose');
let switched: Outcome;

test('plain cpu that nobody chose becomes wasm before the first batch, and one line says so', () => {
  switched = run('unset');
  assert.is(switched.code, null, switched.message);
  assert.is(switched.during, 'wasm');
  assert.is(switched.warnings.length, 1);
  assert.match(switched.warnings[0] ?? '', /now runs on WASM.*tf\.setBackend\('cpu'\)/);
});

test('after tf.ready(), which chooses by itself, the same', () => {
  const { during, warnings } = run('ready');
  assert.is(during, 'wasm');
  assert.is(warnings.length, 1);
});

test('a training that began on cpu and moved to wasm gives the scores of one that was wasm from the start', () => {
  const native = run('wasm');
  assert.equal(native.warnings, []);
  assert.is(switched.scores.length, 48);
  for (const [i, score] of native.scores.entries()) {
    assert.ok(
      Math.abs(score - (switched.scores[i] ?? Number.NaN)) <= 1e-5 * Math.abs(score),
      `${score} of example ${i}`,
    );
  }
  assert.is(switched.tensors, native.tensors, 'the move leaves no tensor');
});

test("cpu that was chosen stays, without a word: tf.setBackend('cpu'), before and after the first tensor", () => {
  for (const how of ['chosen', 'chosen-late', 'selected']) {
    const { during, after, warnings, code } = run(how);
    assert.equal({ during, after, warnings, code }, { during: 'cpu', after: 'cpu', warnings: [], code: null }, how);
  }
});

test('where it cannot be known who chose cpu it stays, and one line says what to add', () => {
  const { during, warnings, code } = run('imported-late');
  assert.is(code, null);
  assert.is(during, 'cpu');
  assert.is(warnings.length, 1);
  assert.match(warnings[0] ?? '', /await selectBackend\(\)/);
});

test('where wasm is not installed, training is refused with the line to add, and cpu is still there', () => {
  const { code, message, after } = run('not-installed');
  assert.is(code, 'BACKEND_UNAVAILABLE');
  assert.match(message, /npm install @tensorflow\/tfjs-backend-wasm@4\.22\.0.*tf\.setBackend\('cpu'\)/);
  assert.is(after, 'cpu');
});

test('a loop of your own and a pass of the detectors leave unset cpu too', () => {
  for (const how of ['loop', 'detectors']) {
    const { after, warnings, code, message } = run(how);
    assert.is(code, null, message);
    assert.is(after, 'wasm', how);
    assert.is(warnings.length, 1, how);
  }
});

test.run();
