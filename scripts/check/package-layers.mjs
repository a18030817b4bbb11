// Imports between packages go down: a package uses packages of strictly lower layers, never its own layer or above.
// Also refused: a relative import that leaves its package, a package that is not in package.json, a private package in
// what is published, and, in packages that must run in a browser, Node's modules outside a `node/` folder. Tests are held
// to the same layers, and may use Node and private packages.
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** @typedef {import('./house.mjs').Package} Package */
/** @typedef {import('./imports.mjs').Import} Import */
/** @typedef {(file: string, line: number, text: string) => void} Report */

const dependencyKinds = ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies'];

/** `@vogjs/core/node` -> `@vogjs/core` */
const packageOf = (/** @type {string} */ specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** @param {Package} from @param {Package} to @returns {string | undefined} */
function directionError(from, to) {
  if (to.rank < from.rank) return undefined;
  return `${from.name} must not use ${to.name}: that goes ${to.rank === from.rank ? 'sideways' : 'up'}`;
}

/** @param {Package} from @param {Package} to */
const shipsPrivate = (from, to) => to.manifest.private === true && from.manifest.private !== true;

/** @param {Package} owner @param {Map<string, Package>} byName @param {Report} report */
export function checkManifest(owner, byName, report) {
  const file = join(owner.folder, 'package.json');
  if (owner.rank < 0) report(file, 1, `${owner.layer} has no layer: give it one in scripts/check/house.mjs`);
  const lines = owner.manifestText.split('\n');
  for (const kind of dependencyKinds) {
    for (const name of Object.keys(owner.manifest[kind] ?? {})) {
      const other = byName.get(name);
      if (!other) continue;
      const line = lines.findIndex((text) => text.includes(`"${name}":`)) + 1;
      const error = directionError(owner, other);
      if (error) report(file, line, error);
      else if (kind !== 'devDependencies' && shipsPrivate(owner, other)) {
        report(file, line, `${name} is private: make it a devDependency, for tests only`);
      }
    }
  }
}

/** @param {Package} owner @param {string} file */
function isTestFile(owner, file) {
  const path = relative(owner.folder, file).split(sep);
  return path[0] !== 'src' || path.includes('testing') || /\.test\.[\w.]+$/.test(file);
}

/** @param {Package} owner @param {string} file @param {Import[]} imports @param {Map<string, Package>} byName @param {Report} report */
export function checkImports(owner, file, imports, byName, report) {
  const isTest = isTestFile(owner, file);
  const inNodeFolder = relative(owner.folder, file).split(sep).includes('node');
  const forBrowsers = owner.mustRunInBrowsers && !isTest && !inNodeFolder;
  // An app is bundled: what it uses is inside, and is installed with nobody.
  const isBundled = relative(owner.folder, file).startsWith(join('src', 'app') + sep);
  const kinds = dependencyKinds.slice(0, isTest || isBundled ? 4 : 3);
  const declared = Object.assign({}, ...kinds.map((kind) => owner.manifest[kind]));
  const nodeOnly = (/** @type {string} */ specifier) =>
    `'${specifier}' is for Node only, and ${owner.name} must run in a browser`;

  for (const { specifier: written, line, typeOnly } of imports) {
    // A name of the package's own, such as '#tsyringe', stands for what its manifest says.
    const specifier = owner.manifest.imports?.[written]?.default ?? written;
    if (specifier.startsWith('.') || specifier.startsWith('/')) {
      const inside = relative(owner.folder, resolve(dirname(file), specifier)).split(sep);
      if (inside[0] === '..') report(file, line, `'${specifier}' leaves its package: import the package by its name`);
      else if (forBrowsers && inside.includes('node')) report(file, line, nodeOnly(specifier));
      continue;
    }
    if (isBuiltin(specifier)) {
      if (forBrowsers && !typeOnly)
        report(file, line, `'${specifier}' does not exist in a browser: move it under a node/ folder`);
      continue;
    }
    const name = packageOf(specifier);
    const other = byName.get(name);
    const error = other && directionError(owner, other);
    if (other === owner) report(file, line, `${name} imports itself: use a relative path`);
    else if (error) report(file, line, error);
    else if (other && !isTest && shipsPrivate(owner, other)) {
      report(file, line, `${name} is private: only tests may use it`);
    } else if (forBrowsers && other && specifier.endsWith('/node')) report(file, line, nodeOnly(specifier));
    // Tests use what the root's package.json offers to all of them.
    if (other !== owner && !(name in declared) && (other || !isTest)) {
      report(file, line, `${name} is not in the package.json of ${owner.name}`);
    }
  }
}
