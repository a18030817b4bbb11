// Says what a release would publish, after trying it: packs every package, and has the tests of packed packages compile
// against the tarballs by four TypeScripts, install them in fresh folders by every package manager, run there what the
// README says on every Node, and build a page by four bundlers. What cannot be had here is said as skipped.
// usage: node scripts/release.mjs --dry-run [--without-tests]
// Publishing itself is .github/workflows/release.yml's: only there can a statement of origin be made.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { manifestOf, packAll } from './pack.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false }, 'without-tests': { type: 'boolean', default: false } },
});
if (!values['dry-run']) {
  console.error('A release is published by the workflow that a tag starts. Here: node scripts/release.mjs --dry-run');
  process.exit(2);
}

/** @param {string[]} args of node */
function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

run(join(root, 'scripts/build.mjs'));
const folder = mkdtempSync(join(tmpdir(), 'vogjs-release-'));
try {
  const tarballs = Object.entries(packAll(folder));
  for (const [name, path] of tarballs) {
    const files = spawnSync('tar', ['-tzf', path], { encoding: 'utf8' }).stdout.trim().split('\n').length;
    const [title, size] = [`${name}@${manifestOf(path).version}`, `${Math.round(statSync(path).size / 1000)} kB`];
    console.log(`${title.padEnd(28)} ${String(files).padStart(4)} files ${size.padStart(8)}`);
  }
  if (!values['without-tests']) run(join(root, 'scripts/test.mjs'), 'test/packed', '--verbose', '--timeout', '1800');
  console.log(`Would publish ${tarballs.length} packages. Nothing was published.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
