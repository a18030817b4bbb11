// Runs one test file in a process (and process group) of its own and gathers what happened.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} FileResult
 * @property {string} file
 * @property {number} passed tests that passed
 * @property {number} failed tests that failed, and one for each failure of the file as a whole
 * @property {string[]} failures their texts
 * @property {string[]} skipped full names of skipped tests
 * @property {string} output what the file printed
 * @property {number} milliseconds
 */

const childEntry = fileURLToPath(new URL('child.mjs', import.meta.url));
const compilerOptions = fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url));
/** How long a process may live on after its last test: an open server, timer or worker is a leak, a busy machine is none. */
const lingerSeconds = 30;

/** @type {Set<number>} */
const groups = new Set();

/** Ends every process that a test file started, the file's own included. */
export function killAll() {
  for (const pid of groups) killGroup(pid);
}

/** @param {number} pid */
function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

/**
 * @param {string} file
 * @param {{ seconds: number }} limits
 * @returns {Promise<FileResult>}
 */
export async function runFile(file, { seconds }) {
  const begin = performance.now();
  const child = spawn(
    process.execPath,
    ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx/esm'), childEntry, file],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, TSX_TSCONFIG_PATH: compilerOptions },
    },
  );
  const pid = child.pid;
  if (pid !== undefined) groups.add(pid);

  /** @type {FileResult} */
  const result = { file, passed: 0, failed: 0, failures: [], skipped: [], output: '', milliseconds: 0 };
  /** @param {string} text @param {number} count */
  const fail = (text, count = 1) => {
    result.failed += count;
    result.failures.push(text.endsWith('\n') ? text : `${text}\n`);
  };

  let latest = '';
  let done = false;
  let killed = /** @type {'' | 'limit' | 'linger'} */ ('');
  const stop = (/** @type {'limit' | 'linger'} */ why) => {
    killed = why;
    if (pid !== undefined) killGroup(pid);
  };
  let timer = setTimeout(stop, seconds * 1000, 'limit');

  /** @param {any} event */
  function hear(event) {
    if (event.kind === 'start') latest = event.name;
    else if (event.kind === 'passed') result.passed += event.count;
    else if (event.kind === 'failure') fail(event.text, event.count);
    else if (event.kind === 'skipped') result.skipped.push(...event.names);
    else if (event.kind === 'done') {
      done = true;
      clearTimeout(timer);
      timer = setTimeout(stop, Math.min(lingerSeconds, seconds) * 1000, 'linger');
    }
  }

  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (result.output += text));
  }
  let pending = '';
  const events = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
  events.setEncoding('utf8').on('data', (text) => {
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) hear(JSON.parse(line));
  });

  const { code, signal } = await new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: error.message }));
    child.on('exit', () => {
      // What the file left running would hold its pipes open, and outlive the run.
      if (pid !== undefined) killGroup(pid);
    });
    child.on('close', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
  });
  clearTimeout(timer);
  if (pid !== undefined) groups.delete(pid);

  const where = latest ? `, last test started: ${latest}` : ', before its first test';
  const ending = signal ? `was ended by ${signal}` : `exited with code ${code}`;
  if (killed === 'limit') fail(`still running after ${seconds} s: killed${where}`);
  else if (killed === 'linger')
    fail('the tests are done but the process does not end: a timer, server or worker is open');
  else if (!done) fail(`the process ${ending} before its tests were done${where}`);
  else if (code !== 0 && result.failed === 0) fail(`the process ${ending} after its tests`);
  else if (result.failed + result.passed + result.skipped.length === 0) fail('the file has no tests');
  result.milliseconds = Math.round(performance.now() - begin);
  return result;
}
