// Checks that imports go down: between packages (scripts/check/package-layers.mjs), and inside them and the other
// folders of code (scripts/check/circles.mjs).
// usage: node scripts/layers.mjs [--root FOLDER]
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findCircles } from './check/circles.mjs';
import { sourcesOf, workspace } from './check/house.mjs';
import { importsOf } from './check/imports.mjs';
import { checkImports, checkManifest } from './check/package-layers.mjs';

const { values } = parseArgs({ options: { root: { type: 'string' } } });
const root = values.root === undefined ? fileURLToPath(new URL('..', import.meta.url)) : resolve(values.root);

/** @type {string[]} */
const violations = [];
/** @param {string} file @param {number} line @param {string} text */
const report = (file, line, text) => violations.push(`${relative(root, file)}:${line} ${text}`);

/** @param {string} folder @returns {Map<string, import('./check/imports.mjs').Import[]>} */
function importsUnder(folder) {
  const found = new Map();
  for (const file of sourcesOf(folder).sort()) {
    // AssemblyScript, whose compiler reads its imports: it is TypeScript to nobody else.
    if (file.includes('/backend/simd/')) continue;
    try {
      found.set(file, importsOf(file));
    } catch (error) {
      report(file, 1, error instanceof Error ? error.message : String(error));
    }
  }
  return found;
}

const isTest = (/** @type {string} */ file) => /\.test\.[\w.]+$/.test(file);
/** @param {Map<string, import('./check/imports.mjs').Import[]>} importsByFile */
const reportCircles = (importsByFile) => {
  for (const { file, line, text } of findCircles(root, importsByFile, isTest)) report(file, line, text);
};

const packages = workspace(root);
const byName = new Map(packages.map((entry) => [entry.name, entry]));
let count = 0;
for (const owner of packages) {
  checkManifest(owner, byName, report);
  const importsByFile = importsUnder(owner.folder);
  for (const [file, imports] of importsByFile) {
    count += imports.length;
    checkImports(owner, file, imports, byName, report);
  }
  reportCircles(importsByFile);
}
const scripts = join(root, 'scripts');
if (existsSync(scripts)) reportCircles(importsUnder(scripts));
if (packages.length === 0) violations.push(`no packages in ${root}`);

console.log(violations.join('\n') || `${packages.length} packages, ${count} imports: all go down`);
process.exitCode = violations.length > 0 ? 1 : 0;
