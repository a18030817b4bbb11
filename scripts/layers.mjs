// Checks that imports go down: a package may use packages of a strictly lower layer, never its own layer or above.
// usage: node scripts/layers.mjs [--root FOLDER]
// Also refused: a relative import that leaves its package, a package that is not in package.json, and, in packages that
// must run in a browser, Node's modules outside a `node/` folder. Tests are held to the same layers, and may use Node.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { importsOf } from './check/imports.mjs';
import { filesUnder } from './runner/discover.mjs';

/** From the bottom up; the names are folders of packages/, or of the root. */
const layers = [
  ['base'],
  // For tests only: it is not published.
  ['testing'],
  ['statistics', 'formats'],
  ['backend'],
  ['core'],
  ['metrics'],
  ['callback', 'ood'],
  ['report'],
  ['vogjs'],
  // What the examples share; folders of examples/.
  ['models'],
  ['shared'],
  ['test', 'examples', 'docs'],
];
const runInBrowsers = new Set(['base', 'statistics', 'formats', 'backend', 'core', 'metrics', 'callback', 'ood']);
const sourceSuffixes = ['.ts', '.tsx', '.mts', '.js', '.mjs'];

/**
 * @typedef {object} Package
 * @property {string} name as in package.json
 * @property {string} layer the name in `layers`
 * @property {string} folder
 * @property {string} manifestText
 * @property {any} manifest
 */

const { values } = parseArgs({ options: { root: { type: 'string' } } });
const root = values.root === undefined ? fileURLToPath(new URL('..', import.meta.url)) : resolve(values.root);

/** @type {string[]} */
const violations = [];
/** @param {string} file @param {number} line @param {string} text */
const violation = (file, line, text) => violations.push(`${relative(root, file)}:${line} ${text}`);

/** @param {string} layer */
const rankOf = (layer) => layers.findIndex((names) => names.includes(layer));

/** @param {string} parent @returns {string[]} */
const children = (parent) =>
  existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => join(parent, name)) : [];

/** @returns {Package[]} */
function workspace() {
  return [...children('packages'), 'test', 'docs', 'examples', ...children('examples')].flatMap((path) => {
    // A package of its own, as users have them: it is no part of this workspace.
    if (path === join('examples', 'custom-metric')) return [];
    const manifestFile = join(root, path, 'package.json');
    if (!existsSync(manifestFile)) return [];
    const manifestText = readFileSync(manifestFile, 'utf8');
    const manifest = JSON.parse(manifestText);
    const [top = '', name = ''] = path.split(sep);
    const isShared = top === 'examples' && ['models', 'shared'].includes(name);
    const layer = top === 'packages' || isShared ? name : top;
    return [{ name: manifest.name, layer, folder: join(root, path), manifestText, manifest }];
  });
}

/** `@vogjs/core/node` -> `@vogjs/core` */
const packageOf = (/** @type {string} */ specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** @param {Package} from @param {Package} to */
function directionError(from, to) {
  const [own, other] = [rankOf(from.layer), rankOf(to.layer)];
  if (other < own) return undefined;
  return `${from.name} must not use ${to.name}: that goes ${other === own ? 'sideways' : 'up'}`;
}

const packages = workspace();
const byName = new Map(packages.map((entry) => [entry.name, entry]));

/** @param {Package} owner */
function checkManifest(owner) {
  const file = join(owner.folder, 'package.json');
  if (rankOf(owner.layer) < 0) violation(file, 1, `${owner.layer} has no layer: give it one in scripts/layers.mjs`);
  const lines = owner.manifestText.split('\n');
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies']) {
    for (const name of Object.keys(owner.manifest[kind] ?? {})) {
      const other = byName.get(name);
      const error = other && directionError(owner, other);
      if (error) violation(file, lines.findIndex((line) => line.includes(`"${name}":`)) + 1, error);
    }
  }
}

/** @param {Package} owner @param {string} file */
function checkFile(owner, file) {
  const path = relative(owner.folder, file).split(sep);
  const isTest = path[0] !== 'src' || path.includes('testing') || /\.test\.[\w.]+$/.test(file);
  const mustRunInBrowsers = runInBrowsers.has(owner.layer) && !isTest && !path.includes('node');
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = owner.manifest;
  const declared = {
    ...dependencies,
    ...peerDependencies,
    ...optionalDependencies,
    ...(isTest ? devDependencies : {}),
  };
  let imports;
  try {
    imports = importsOf(file);
  } catch (error) {
    violation(file, 1, error instanceof Error ? error.message : String(error));
    return 0;
  }

  for (const { specifier, line, typeOnly } of imports) {
    if (specifier.startsWith('.') || specifier.startsWith('/')) {
      const inside = relative(owner.folder, resolve(dirname(file), specifier)).split(sep);
      if (inside[0] === '..')
        violation(file, line, `'${specifier}' leaves its package: import the package by its name`);
      else if (mustRunInBrowsers && inside.includes('node')) {
        violation(file, line, `'${specifier}' is for Node only, and ${owner.name} must run in a browser`);
      }
      continue;
    }
    if (isBuiltin(specifier)) {
      if (mustRunInBrowsers && !typeOnly)
        violation(file, line, `'${specifier}' does not exist in a browser: move it under a node/ folder`);
      continue;
    }
    const name = packageOf(specifier);
    const other = byName.get(name);
    const error = other && directionError(owner, other);
    if (other === owner) violation(file, line, `${name} imports itself: use a relative path`);
    else if (error) violation(file, line, error);
    else if (mustRunInBrowsers && other && specifier.endsWith('/node')) {
      violation(file, line, `'${specifier}' is for Node only, and ${owner.name} must run in a browser`);
    }
    // Tests use what the root's package.json offers to all of them.
    if (other !== owner && !(name in declared) && (other || !isTest)) {
      violation(file, line, `${name} is not in the package.json of ${owner.name}`);
    }
  }
  return imports.length;
}

let count = 0;
for (const owner of packages) {
  checkManifest(owner);
  const files = sourceSuffixes
    .flatMap((suffix) => filesUnder(owner.folder, suffix))
    .filter((file) => !file.endsWith('.d.ts'));
  for (const file of files) count += checkFile(owner, file);
}
if (packages.length === 0) violations.push(`no packages in ${root}`);

console.log(violations.join('\n') || `${packages.length} packages, ${count} imports: all go down`);
process.exitCode = violations.length > 0 ? 1 : 0;
