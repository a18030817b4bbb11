// Lints every package as packed: entries exist, nothing points outside the tarball (publint), and the types that an
// importer gets are those of the code (Are the Types Wrong). The packages are ES modules only: how a `require`, or a
// TypeScript that knows no `exports`, would see them is not asked, as in the profile `esm-only` of `attw`. Its command
// line brings 25 packages more for a table, and would run once a package.
// usage: node scripts/check/packages.mjs     (after a build)
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemAffectsResolutionKind, problemKindInfo } from '@arethetypeswrong/core/problems';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { manifestOf, packAll } from '../pack.mjs';

const resolutions = /** @type {const} */ (['node16-esm', 'bundler']);

/** @param {string} tarball @returns {Promise<string[]>} */
async function lint(tarball) {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball);
  const archive = /** @type {ArrayBuffer} */ (buffer.slice(byteOffset, byteOffset + byteLength));
  const { messages } = await publint({ pack: { tarball: archive }, level: 'warning' });
  const manifest = manifestOf(tarball);
  return messages.map((message) => formatMessage(message, manifest, { color: false }) ?? message.code);
}

/** @param {string} tarball @returns {Promise<string[]>} */
async function checkTypes(tarball) {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  if (analysis.types === false) return ['it has no types'];
  return analysis.problems.flatMap((problem) => {
    const met = resolutions.filter((kind) => problemAffectsResolutionKind(problem, kind, analysis));
    if (met.length === 0) return [];
    const { shortDescription, docsUrl } = problemKindInfo[problem.kind];
    const where = JSON.stringify(problem, (key, value) => (key === 'trace' ? undefined : value));
    return [`${shortDescription} (${met.join(', ')}): ${where} See ${docsUrl}`];
  });
}

const folder = mkdtempSync(join(tmpdir(), 'vogjs-packages-'));
let problems = 0;
try {
  const tarballs = Object.entries(packAll(folder));
  for (const [name, tarball] of tarballs) {
    const found = [...(await lint(tarball)), ...(await checkTypes(tarball))];
    for (const text of found) console.log(`${name}: ${text}`);
    problems += found.length;
  }
  if (tarballs.length === 0) throw new Error('no package was packed');
  if (problems === 0) console.log(`${tarballs.length} packages`);
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = problems > 0 ? 1 : 0;
