// The process of one test file. Speaks to the runner over file descriptor 3, one JSON object a line, so that nothing a
// test prints can be mistaken for a result, and a process that ends early has visibly not said `done`.
import { writeSync } from 'node:fs';
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { namedTensorflow } from './tensorflow.mjs';

/** @typedef {import('./uvu.mjs').Run} Run */

/** @type {any} */
const uvu = globalThis;
uvu.UVU_DEFER = 1;
uvu.UVU_QUEUE = [[]];
uvu.UVU_INDEX = 0;

register('./hooks.mjs', { parentURL: import.meta.url, data: { tensorflow: namedTensorflow() } });
const { asError, ledger } = await import('./uvu.mjs');

/** @param {object} event */
const say = (event) => writeSync(3, `${JSON.stringify(event)}\n`);
/** @param {Run} run @param {string} title */
const fullName = (run, title) => (run.suite ? `${run.suite} › ${title}` : title);

const file = process.argv[2] ?? '';
ledger.onStart = (run, test) => say({ kind: 'start', name: fullName(run, test.title) });

let failed = 0;
/** @param {number} count @param {string} text */
function fail(count, text) {
  failed += count;
  say({ kind: 'failure', count, text });
}

/** @param {Run} run @param {() => Promise<[string | true, number, number, number]>} execute */
async function runSuite(run, execute) {
  const title = run.suite || 'suite';
  const chosen = run.only.length > 0 ? run.only : run.tests;
  const passedOver = run.only.length > 0 ? run.tests.map((test) => test.title) : [];
  say({ kind: 'skipped', names: [...passedOver, ...run.skipped].map((name) => fullName(run, name)) });
  try {
    const [errors, passed, , total] = await execute();
    say({ kind: 'passed', count: passed });
    if (total !== chosen.length) fail(1, `${title}: ${chosen.length} tests registered, uvu saw ${total}`);
    // uvu reports nothing when a hook throws, not even the error of the test before it; the run's own notes have both.
    const lost = run.errors.filter(({ message }) => errors === true || !errors.includes(message));
    const text = [errors === true ? '' : errors, ...lost.map((error) => `${title}: ${error.text}\n`)].join('');
    if (passed < total)
      fail(total - passed, text || `${title}: ${passed} of ${total} tests ran, no error was reported\n`);
    else if (text) fail(1, text);
  } catch (thrown) {
    // An `after` hook is the one thing whose error leaves uvu's runner: the tests themselves have their outcome.
    const passed = chosen.filter((test) => test.state === 'done').length;
    say({ kind: 'passed', count: passed });
    fail(
      chosen.length - passed + 1,
      `${title}: ${run.errors.map((error) => error.text).join('\n') || asError(thrown).stack}\n`,
    );
  }
}

try {
  await import(pathToFileURL(resolve(file)).href);
} catch (thrown) {
  const error = asError(thrown);
  fail(1, `the file could not be loaded\n${error.stack ?? error.message}\n`);
  say({ kind: 'done' });
  process.exit(1);
}

for (const run of ledger.waiting) {
  fail(
    Math.max(1, run.tests.length + run.only.length),
    `${run.suite || 'suite'}: registered, but .run() is never called\n`,
  );
}
// A test may register and run another suite; the queue is read as it grows.
const queue = uvu.UVU_QUEUE[0];
for (let index = 0; index < queue.length; index++) {
  const run = ledger.runs[index];
  if (run) await runSuite(run, queue[index]);
  else fail(1, 'a suite bypasses the runner: import { suite, test } from "uvu"\n');
}
say({ kind: 'done' });
process.exitCode = failed > 0 ? 1 : 0;
