// Stands in for `uvu` in a test file. uvu 0.5.6 drops what a before or after.each hook throws, fails to format a thrown
// value that is not an Error, forgets the names of skipped tests, and cannot see a suite that is never run. Every handler
// passes through here first, so that the runner knows all of it; the running itself stays uvu's.
import { suite as uvuSuite } from 'uvu';

/**
 * @typedef {{ title: string, state: 'waiting' | 'running' | 'done' }} TestRecord
 * @typedef {{ suite: string, tests: TestRecord[], only: TestRecord[], skipped: string[], errors: { message: string, text: string }[] }} Run
 * @typedef {(context: any) => unknown} Handler
 */

/** What this file has registered: runs in the order of `.run()`, and suites whose latest tests still wait for one. */
export const ledger = {
  /** @type {Run[]} */
  runs: [],
  /** @type {Set<Run>} */
  waiting: new Set(),
  /** @type {(run: Run, test: TestRecord) => void} */
  onStart: () => {},
};

/** @param {unknown} thrown */
export function asError(thrown) {
  if (thrown instanceof Error) return thrown;
  const error = new Error(`a value that is not an Error was thrown: ${String(thrown)}`);
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

/** @param {string} name @returns {Run} */
const emptyRun = (name) => ({ suite: name, tests: [], only: [], skipped: [], errors: [] });

/** @param {Run} run @param {string} where @param {unknown} thrown */
function noted(run, where, thrown) {
  const error = asError(thrown);
  const { message, name, stack = message } = error;
  // uvu runs after.each a second time when it throws.
  if (run.errors.at(-1)?.message !== message) run.errors.push({ message, text: `${where}: ${stack}` });
  // uvu prints the message, then the stack from its second line on: without this, most of a long message twice.
  const heading = stack.indexOf(message);
  if (heading >= 0) error.stack = `${name}${stack.slice(heading + message.length)}`;
  return error;
}

/** @param {any} inner a suite of uvu @param {string} name */
function observe(inner, name) {
  let run = emptyRun(name);

  /** @param {'tests' | 'only'} list @param {string} title @param {Handler} handler */
  function register(list, title, handler) {
    /** @type {TestRecord} */
    const record = { title, state: 'waiting' };
    const owner = run;
    owner[list].push(record);
    ledger.waiting.add(owner);
    const watched = async (/** @type {unknown} */ context) => {
      record.state = 'running';
      ledger.onStart(owner, record);
      try {
        await handler(context);
        record.state = 'done';
      } catch (thrown) {
        throw noted(owner, `"${title}"`, thrown);
      }
    };
    if (list === 'only') inner.only(title, watched);
    else inner(title, watched);
  }

  /** @param {string} hook @param {(handler: Handler) => void} add */
  const hookInto = (hook, add) => (/** @type {Handler} */ handler) => {
    const owner = run;
    ledger.waiting.add(owner);
    add(async (context) => {
      try {
        await handler(context);
      } catch (thrown) {
        throw noted(owner, `${hook} hook`, thrown);
      }
    });
  };

  const test = (/** @type {string} */ title, /** @type {Handler} */ handler) => register('tests', title, handler);
  test.only = (/** @type {string} */ title, /** @type {Handler} */ handler) => register('only', title, handler);
  test.skip = (/** @type {string} */ title) => {
    run.skipped.push(title ?? '(unnamed)');
    ledger.waiting.add(run);
  };
  test.before = Object.assign(hookInto('before', inner.before), { each: hookInto('before.each', inner.before.each) });
  test.after = Object.assign(hookInto('after', inner.after), { each: hookInto('after.each', inner.after.each) });
  test.run = () => {
    ledger.waiting.delete(run);
    ledger.runs.push(run);
    run = emptyRun(name);
    inner.run();
  };
  return test;
}

/** @param {string} name @param {object} context */
export const suite = (name = '', context = {}) => observe(uvuSuite(name, context), name);
export const test = suite();

export function exec() {
  throw new Error('a test file must not call exec(): the runner does');
}
