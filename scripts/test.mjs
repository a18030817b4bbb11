// Runs the tests: every file in a process of its own, and nothing counts as passed that has not said so.
// usage: node scripts/test.mjs [PATTERN ...] [--all] [--backends NAMES] [--in FOLDER] [--timeout SECONDS] [--jobs N]
//        [--verbose]
//   PATTERN   part of a file's path; one that no file answers to fails the run
//   --all     the long tests as well, those that link TensorFlow, start browsers or fuzz for minutes; a file that is
//             named by a PATTERN or asked for by --backends needs no --all. Tests see it as VOGJS_TEST_ALL=1.
//   --backends  TensorFlow.js backends, separated by commas: only the test files that ask which backends to run on, on these
//   --in      look for *.test.ts in FOLDER only
// VOGJS_REFUSE_SKIPS=1 counts every skipped test as failed: set where all data is present.
// The last line is `N passed, N failed`, with `, N skipped` where tests were skipped.
import './installed.mjs';
import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asksForBackends, filesUnder, isFolder, onlyWithAll, select, workspaceTests } from './runner/discover.mjs';
import { killAll, runFile } from './runner/process.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options, positionals: patterns } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    backends: { type: 'string' },
    in: { type: 'string' },
    timeout: { type: 'string', default: process.env['VOGJS_TEST_TIMEOUT'] ?? '300' },
    jobs: { type: 'string', default: String(Math.min(8, availableParallelism())) },
    verbose: { type: 'boolean', default: false },
  },
});
const seconds = positive('--timeout', options.timeout);
const jobs = positive('--jobs', options.jobs);
const refuseSkips = process.env['VOGJS_REFUSE_SKIPS'] === '1';

/** @param {string} option @param {string} text */
function positive(option, text) {
  const value = Number(text);
  if (value > 0) return value;
  console.error(`${option} must be a number above 0, not ${text}`);
  process.exit(2);
}

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.on(signal, () => process.exit(code));
}
process.on('exit', killAll);

const folder = options.in === undefined ? undefined : resolve(options.in);
if (folder !== undefined && !isFolder(folder)) {
  console.error(`--in ${options.in}: no such folder`);
  process.exit(2);
}
if (options.backends === '') {
  console.error('--backends must name one');
  process.exit(2);
}
if (options.all) process.env['VOGJS_TEST_ALL'] = '1';
if (options.backends !== undefined) process.env['VOGJS_TEST_BACKENDS'] = options.backends;
const known = (folder === undefined ? workspaceTests(root) : filesUnder(folder, '.test.ts').sort()).filter(
  (file) => options.backends === undefined || asksForBackends(file, options.backends.split(',')),
);
const { files: asked, unanswered } = select(known, patterns, root);
const everything = options.all || options.backends !== undefined || patterns.length > 0;
const files = everything ? asked : asked.filter((file) => onlyWithAll(file) === undefined);

const total = { passed: 0, failed: 0, skipped: 0 };
for (const pattern of unanswered) {
  total.failed++;
  console.log(`FAIL no test file's path contains "${pattern}"`);
}
if (known.length === 0) {
  total.failed++;
  console.log('FAIL no test files found');
}

/** @param {import('./runner/process.mjs').FileResult} result */
function report(result) {
  const refused = refuseSkips ? result.skipped.length : 0;
  const failed = result.failed + refused;
  const skipped = result.skipped.length - refused;
  total.passed += result.passed;
  total.failed += failed;
  total.skipped += skipped;

  const counts = [`${result.passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`];
  const path = relative(root, result.file);
  console.log(`${failed ? 'FAIL' : 'ok  '} ${path}  ${counts.filter(Boolean).join(', ')}  ${result.milliseconds} ms`);
  for (const name of result.skipped) console.log(`     skipped${refuseSkips ? ' (refused here)' : ''}: ${name}`);
  if (result.failed || options.verbose) {
    if (result.output.trim()) console.log(indent(`--- output of ${path}\n${result.output.trimEnd()}\n---`));
    for (const text of result.failures) console.log(indent(text.trimEnd()));
  }
}

/** @param {string} text */
const indent = (text) => text.replace(/^(?=.)/gm, '     ');

const waiting = files.values();
await Promise.all(
  Array.from({ length: jobs }, async () => {
    // One iterator, shared: each worker takes the next file that nobody has taken.
    for (const file of waiting) report(await runFile(file, { seconds }));
  }),
);

if (files.length < asked.length) {
  const over = asked.length - files.length;
  console.log(
    over === 1
      ? '1 file of long tests was passed over: add --all to run it'
      : `${over} files of long tests were passed over: add --all to run them`,
  );
}
const skips = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skips}`);
process.exitCode = total.failed > 0 ? 1 : 0;
