// Packs every package as it would be published.
// usage: node scripts/pack.mjs FOLDER     (after a build)
// Prints one line of JSON: the tarball of each package, by package name.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pnpm } from './pnpm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} folder an empty one @returns {Record<string, string>} */
export function packAll(folder) {
  mkdirSync(folder, { recursive: true });
  // Test helpers are not published.
  pnpm(
    ['--recursive', '--filter', './packages/*', '--filter', '!@vogjs/testing', 'pack', '--pack-destination', folder],
    root,
  );
  const files = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  return Object.fromEntries(files.map((file) => [manifestOf(join(folder, file)).name, join(folder, file)]));
}

/** The package.json inside a tarball. @param {string} tarball @returns {any} */
export const manifestOf = (tarball) =>
  JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }));

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , folder] = process.argv;
  if (folder === undefined) {
    console.error('usage: node scripts/pack.mjs FOLDER');
    process.exit(2);
  }
  console.log(JSON.stringify(packAll(resolve(folder))));
}
