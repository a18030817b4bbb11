// A file is one idea: a source file over the limit fails, and so does a package folder of long files on the whole.
// Tests may be as long as their cases.
import { readFileSync } from 'node:fs';
import { trackedFiles } from './tracked.mjs';

const limit = 300;
/** Of the files of the packages: half of them are shorter. */
const medianLimit = 110;

const isSource = (/** @type {string} */ path) =>
  /^(packages\/[^/]+\/src|scripts|test)\/.*\.(ts|tsx|mjs|css)$/.test(path) && !/\.test\.|\/fixtures\//.test(path);

const sources = trackedFiles()
  .filter(isSource)
  .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }));
const lengths = sources.map(({ lines }) => lines);
const ofPackages = sources.filter(({ path }) => path.startsWith('packages/')).map(({ lines }) => lines);
const median = ofPackages.sort((a, b) => a - b)[Math.floor(ofPackages.length / 2)] ?? 0;

const problems = sources
  .filter(({ lines }) => lines > limit)
  .map(({ path, lines }) => `${path}: ${lines} lines, at most ${limit}: split it by idea`);
if (median > medianLimit)
  problems.push(`half of the files in packages/ have ${median} lines or more, at most ${medianLimit}`);
if (sources.length === 0) problems.push('no source files');

console.log(
  problems.join('\n') ||
    `${sources.length} source files, the longest ${Math.max(...lengths)} lines; median in packages/ ${median}`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
