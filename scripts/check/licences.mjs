// Every package that is installed with ours has a licence that lets people use it in whatever they make.
// usage: node scripts/check/licences.mjs
import { fileURLToPath } from 'node:url';
import { pnpm } from '../pnpm.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** @type {Record<string, { name: string }[]>} */
const found = JSON.parse(
  pnpm(['--recursive', '--filter', './packages/*', 'licenses', 'list', '--prod', '--json'], root),
);
let count = 0;
/** @type {string[]} */
const strange = [];
for (const [licence, packages] of Object.entries(found)) {
  count += packages.length;
  const isAllowed = licence.split(/ (?:AND|OR) /).every((part) => ALLOWED.has(part.replaceAll(/[()]/g, '')));
  if (!isAllowed) strange.push(`${licence}: ${packages.map(({ name }) => name).join(', ')}`);
}
if (count < 50) strange.push(`only ${count} packages are listed: the list is not whole`);
if (strange.length > 0) {
  console.error(`not known as free to use, look at them and at docs/dependencies.md:\n${strange.join('\n')}`);
  process.exit(1);
}
console.log(
  `${count} packages: ${Object.entries(found)
    .map(([licence, packages]) => `${packages.length} ${licence}`)
    .join(', ')}`,
);
