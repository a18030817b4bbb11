// What a page downloads: every package that must run in a browser is bundled from its built files, as a user's bundler
// would do it. A Node module on the way, or a bundle above its limit, fails.
// usage: node scripts/check/bundles.mjs     (after a build)
// The limits stand in the table of docs/browser.md, in kB (1,000 bytes) of minified and gzipped code.
// size-limit does not do this: it needs Node 22, where this workspace runs on Node 20; it takes its limits from its own
// settings, not from the table that users read; and it adds up all chunks, so that what loads when first used counts as
// if it loaded at once.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A folder from which every package of the workspace resolves. */
const resolveFolder = join(root, 'test');

/** What is bundled, by its row in the table. */
const entries = {
  'core + callback + VoG':
    "export { asCallback, fitCallback, trackDifficulty } from '@vogjs/callback';" +
    "export * from '@vogjs/core'; export { vog } from '@vogjs/metrics';",
  'evaluateOod alone': "export { evaluateOod } from '@vogjs/ood';",
  'quantile alone': "export { quantile } from '@vogjs/statistics';",
  vogjs: "export * from 'vogjs';",
  '@vogjs/base': "export * from '@vogjs/base';",
  '@vogjs/statistics': "export * from '@vogjs/statistics';",
  '@vogjs/formats': "export * from '@vogjs/formats';",
  '@vogjs/formats/images': "export * from '@vogjs/formats/images';",
  '@vogjs/formats/tables': "export * from '@vogjs/formats/tables';",
  '@vogjs/issues': "export * from '@vogjs/issues';",
  '@vogjs/backend': "export * from '@vogjs/backend';",
  '@vogjs/core': "export * from '@vogjs/core';",
  '@vogjs/metrics': "export * from '@vogjs/metrics';",
  '@vogjs/callback': "export * from '@vogjs/callback';",
  '@vogjs/ood': "export * from '@vogjs/ood';",
  '@vogjs/run': "export * from '@vogjs/run';",
};
/** Rows that must not need TensorFlow.js. */
const withoutTensorflow = new Set([
  'evaluateOod alone',
  'quantile alone',
  '@vogjs/base',
  '@vogjs/statistics',
  '@vogjs/formats',
  '@vogjs/formats/images',
  '@vogjs/formats/tables',
  '@vogjs/issues',
  '@vogjs/run',
]);
/** TensorFlow.js is the page's own; it is not counted. */
const peers = ['@tensorflow/tfjs', '@tensorflow/tfjs-*'];
const libraries = ['rxjs', 'tsyringe', 'eventemitter3', 'reflect-metadata', 'reflect-metadata/*', 'hyparquet-writer'];

/**
 * @param {string} contents
 * @param {string[]} external
 * @param {boolean} splitting whether what loads later gets files of its own; esbuild then makes such files also for
 *   imports in code that it leaves out
 */
async function bundle(contents, external, splitting) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    stdin: { contents, resolveDir: resolveFolder },
    bundle: true,
    splitting,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: join(root, '.scratch'),
    external: [...peers, ...external],
    logLevel: 'silent',
  });
  const gzipped = new Map(outputFiles.map(({ path, contents: code }) => [path, gzipSync(code, { level: 9 }).length]));
  /** @param {string} path @returns {string[]} the chunks that are loaded with this one */
  const loaded = (path) => [
    path,
    ...(metafile.outputs[path]?.imports ?? []).flatMap((each) =>
      each.kind === 'import-statement' && !each.external ? loaded(each.path) : [],
    ),
  ];
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === '<stdin>') ?? '';
  const sizeOf = (/** @type {string} */ path) =>
    [...gzipped].find(([absolute]) => absolute.endsWith(path.replace(/^.*\.scratch/, '.scratch')))?.[1] ?? Number.NaN;
  const first = [...new Set(loaded(entry))].reduce((sum, path) => sum + sizeOf(path), 0);
  const all = [...gzipped.values()].reduce((sum, size) => sum + size, 0);
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const builtins = imported.filter((path) => isBuiltin(path));
  const tensorflow = imported.find((path) => path.startsWith('@tensorflow/'));
  return { first, later: all - first, builtins, tensorflow, inputs: Object.keys(metafile.inputs) };
}

/** @returns {Map<string, number>} limits in bytes, by row */
function limits() {
  const rows = readFileSync(join(root, 'docs/browser.md'), 'utf8').matchAll(/^\| ([^|]+?) \|.*\| (\d+) kB \|$/gm);
  return new Map([...rows].map(([, name = '', limit]) => [name.replaceAll('`', ''), Number(limit) * 1000]));
}

/** @type {string[]} */
const problems = [];
const known = limits();
for (const [name, contents] of Object.entries(entries)) {
  try {
    const splitting = !name.endsWith(' alone');
    const whole = await bundle(contents, [], splitting);
    const own = await bundle(contents, libraries, splitting);
    const stray = whole.inputs.filter((path) => path.startsWith('packages/') && !path.includes('/dist/'));
    const limit = known.get(name);
    const kilobytes = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(1);
    console.log(
      `${name}: ${kilobytes(whole.first)} kB gzip, ${kilobytes(own.first)} kB of it VoG.js` +
        `${whole.later > 0 ? `, ${kilobytes(whole.later)} kB when first used` : ''}; limit ${limit === undefined ? 'none' : kilobytes(limit)}`,
    );
    if (whole.builtins.length > 0) problems.push(`${name} imports ${whole.builtins.join(', ')}`);
    if (withoutTensorflow.has(name) && whole.tensorflow !== undefined)
      problems.push(`${name} needs ${whole.tensorflow}, and should do without`);
    if (stray.length > 0) problems.push(`${name} was bundled from sources, not from what is built: ${stray[0]}`);
    if (limit === undefined) problems.push(`${name} has no limit in docs/browser.md: add it to the table`);
    else if (!(whole.first <= limit)) {
      problems.push(`${name}: ${whole.first} bytes gzipped, above its limit of ${limit} in docs/browser.md`);
    }
  } catch (error) {
    // An import of node: does not resolve for a browser; esbuild's message names file and line.
    problems.push(`${name} does not bundle for a browser: ${error instanceof Error ? error.message : String(error)}`);
  }
}
const count = Object.keys(entries).length;
console.log(problems.join('\n') || `${count} bundles for a browser: no Node module, all within their limits`);
process.exitCode = problems.length > 0 ? 1 : 0;
