// The house: which packages there are, and how they lie over one another.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { filesUnder } from '../runner/discover.mjs';

/** From the bottom up; the names are folders of packages/, or of the root. */
const layers = [
  ['base'],
  // For tests only: it is private.
  ['testing'],
  ['statistics', 'formats'],
  ['issues'],
  ['backend'],
  ['core'],
  ['metrics'],
  ['callback', 'ood'],
  ['run'],
  ['report', 'explorer', 'queue'],
  ['vogjs'],
  // What the examples share; folders of examples/.
  ['models'],
  ['shared'],
  ['test', 'examples', 'docs'],
];
const runInBrowsers = new Set([
  'base',
  'statistics',
  'formats',
  'issues',
  'backend',
  'core',
  'metrics',
  'callback',
  'ood',
  'run',
]);
const sourceSuffixes = ['.ts', '.tsx', '.mts', '.js', '.mjs'];

/**
 * @typedef {object} Package
 * @property {string} name as in package.json
 * @property {string} layer the name in `layers`
 * @property {number} rank its place from the bottom; -1 without a layer
 * @property {boolean} mustRunInBrowsers
 * @property {string} folder
 * @property {string} manifestText
 * @property {any} manifest
 */

/** @param {string} root @returns {Package[]} */
export function workspace(root) {
  const children = (/** @type {string} */ parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => join(parent, name)) : [];
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
    const rank = layers.findIndex((names) => names.includes(layer));
    const mustRunInBrowsers = runInBrowsers.has(layer);
    return [{ name: manifest.name, layer, rank, mustRunInBrowsers, folder: join(root, path), manifestText, manifest }];
  });
}

/** @param {string} folder @returns {string[]} the source files below it, tests among them */
export const sourcesOf = (folder) =>
  sourceSuffixes.flatMap((suffix) => filesUnder(folder, suffix)).filter((file) => !file.endsWith('.d.ts'));
