// Everything that can be said of the code without running it.
// usage: node scripts/check.mjs [NAME ...]     (all checks when no name is given)
import './installed.mjs';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (/** @type {string} */ name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));

/** In this order: packages are packed from what the types step builds. @type {Record<string, string[]>} */
const checks = {
  format: [bin('oxfmt'), '--check'],
  lint: [bin('oxlint'), '--type-aware', '--deny-warnings', '--report-unused-disable-directives'],
  kernels: [process.execPath, 'scripts/kernels.mjs', '--check'],
  types: [process.execPath, 'scripts/build.mjs'],
  layers: [process.execPath, 'scripts/layers.mjs'],
  unused: [bin('knip'), '--no-progress', '--no-config-hints'],
  sizes: [process.execPath, 'scripts/check/sizes.mjs'],
  forbidden: [process.execPath, 'scripts/check/forbidden.mjs'],
  words: [process.execPath, 'scripts/check/words.mjs'],
  licences: [process.execPath, 'scripts/check/licences.mjs'],
  packages: [process.execPath, 'scripts/check/packages.mjs'],
  bundles: [process.execPath, 'scripts/check/bundles.mjs'],
};

/** @param {string[]} command @returns {Promise<{ code: number | null, output: string }>} */
function run([file = '', ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(checks);
const unknown = chosen.filter((name) => !(name in checks));
if (unknown.length > 0) {
  console.error(`unknown check: ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`);
  process.exit(2);
}

/** @type {string[]} */
const failed = [];
for (const name of chosen) {
  const begin = performance.now();
  const { code, output } = await run(checks[name] ?? []);
  const summary = code === 0 ? (output.trim().split('\n').at(-1) ?? '') : '';
  const milliseconds = Math.round(performance.now() - begin);
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}  ${milliseconds} ms  ${summary}`.trimEnd());
  if (code === 0) continue;
  failed.push(name);
  console.log(output.trimEnd().replace(/^(?=.)/gm, '     '));
}
console.log(failed.length > 0 ? `checks failed: ${failed.join(', ')}` : `${chosen.length} checks passed`);
process.exitCode = failed.length > 0 ? 1 : 0;
