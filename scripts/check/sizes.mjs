// A file is one idea: source files over the limit fail. Tests may be as long as their cases.
import { readFileSync } from 'node:fs';
import { trackedFiles } from './tracked.mjs';

const limit = 350;
const isSource = (/** @type {string} */ path) =>
  /^(packages\/[^/]+\/src|scripts|test)\/.*\.(ts|tsx|mjs|css)$/.test(path) && !/\.test\.|\/fixtures\//.test(path);

const sources = trackedFiles().filter(isSource);
const lengths = sources.map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }));
const long = lengths.filter(({ lines }) => lines > limit);
for (const { path, lines } of long) console.log(`${path}: ${lines} lines, at most ${limit}: split it by idea`);
if (long.length === 0)
  console.log(`${sources.length} source files, the longest ${Math.max(...lengths.map((file) => file.lines))} lines`);
process.exitCode = long.length > 0 || sources.length === 0 ? 1 : 0;
