// Writes into every package that is published where its source, its page and its issues are. A release does it, which
// knows the address: with a statement of origin the registry takes no package that names another one, or none.
// usage: node scripts/name-repository.mjs ADDRESS     such as "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {Record<string, unknown>} manifest of a package
 * @param {string} directory of it in the repository
 * @param {string} address of the repository, `https://host/owner/name`
 * @returns {Record<string, unknown>} with `repository`, `homepage` and `bugs`, behind the licence
 */
export function withRepository(manifest, directory, address) {
  const { name, version, description, keywords, license, ...rest } = manifest;
  return {
    name,
    version,
    description,
    keywords,
    license,
    repository: { type: 'git', url: `git+${address}.git`, directory },
    homepage: `${address}#readme`,
    bugs: `${address}/issues`,
    ...rest,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , address = ''] = process.argv;
  if (!/^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(address)) {
    console.error('usage: node scripts/name-repository.mjs https://host/owner/name');
    process.exit(2);
  }
  for (const name of readdirSync(join(root, 'packages'))) {
    const path = join(root, 'packages', name, 'package.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    if (manifest.private === true) continue;
    writeFileSync(path, `${JSON.stringify(withRepository(manifest, `packages/${name}`, address), null, 2)}\n`);
  }
}
