// Writes into every package that is published where its source, its page and its issues are. A release does it, which
// knows the address: with a statement of origin the registry takes no package that names another one, or none.
// usage: node scripts/name-repository.mjs ADDRESS [ROOT]     such as "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [, , address = '', root = fileURLToPath(new URL('..', import.meta.url))] = process.argv;
if (!/^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(address)) {
  console.error('usage: node scripts/name-repository.mjs https://host/owner/name [ROOT]');
  process.exit(2);
}

for (const folder of readdirSync(join(root, 'packages'))) {
  const path = join(root, 'packages', folder, 'package.json');
  const { name, version, description, keywords, license, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
  if (rest.private === true) continue;
  const places = {
    repository: { type: 'git', url: `git+${address}.git`, directory: `packages/${folder}` },
    homepage: `${address}#readme`,
    bugs: `${address}/issues`,
  };
  const manifest = { name, version, description, keywords, license, ...places, ...rest };
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
}
