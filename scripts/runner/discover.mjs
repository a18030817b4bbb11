// Which files are tests.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

// What is in `assembly` is no TypeScript, though it looks like it: scripts/kernels.mjs compiles it.
const passedOver = new Set(['node_modules', 'dist', 'fixtures', 'assembly']);

/** @param {string} folder @param {string} suffix @returns {string[]} */
export function filesUnder(folder, suffix) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return passedOver.has(entry.name) || entry.name.startsWith('.') ? [] : filesUnder(path, suffix);
    }
    return entry.name.endsWith(suffix) ? [path] : [];
  });
}

/** Test files of the workspace: the slow, whole-system ones of `test/` first, so that they do not end the run alone. */
export function workspaceTests(/** @type {string} */ root) {
  const sources = ['packages', 'examples'].flatMap((parent) => {
    const folder = join(root, parent);
    // The custom metric is a package of its own, whose tests run against the packed tarballs.
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'custom-metric') : [];
    return names.map((name) => join(folder, name, 'src'));
  });
  return [join(root, 'test'), ...sources].flatMap((folder) => filesUnder(folder, '.test.ts').sort());
}

/**
 * Why a test file is passed over unless `--all` asks for it: it says so on one of its first lines, as
 * `// Only with --all: REASON`. Undefined for one that always runs.
 * @param {string} file
 */
export function onlyWithAll(file) {
  const head = readFileSync(file, 'utf8').split('\n', 8).join('\n');
  return /^\/\/ Only with --all: (.+)$/m.exec(head)?.[1];
}

/**
 * Whether a test file runs on the backends that VOGJS_TEST_BACKENDS names: it says so by what it calls.
 * @param {string} file @param {string[]} backends
 */
export function asksForBackends(file, backends) {
  const text = readFileSync(file, 'utf8');
  const asks = (/** @type {string} */ code) => /\b(?:testBackends|useBackend)\(\)/.test(code);
  // Or it has a helper ask: `agreesWithNumPy` and `againstGolden` register a test a backend.
  const helpers = [...text.matchAll(/from '(\.[^']*\.test\.helper)\.js'/g)].map(([, path = '']) =>
    join(dirname(file), `${path}.ts`),
  );
  return (
    asks(text) ||
    helpers.some((helper) => existsSync(helper) && asks(readFileSync(helper, 'utf8'))) ||
    (backends.includes('webgpu') && text.includes('withoutWebgpu()'))
  );
}

/**
 * The files whose path contains one of the patterns, and the patterns that no file answers to.
 * @param {string[]} files @param {string[]} patterns @param {string} root
 */
export function select(files, patterns, root) {
  const answers = (/** @type {string} */ file, /** @type {string} */ pattern) =>
    relative(root, file).includes(pattern.replace(/^\.\//, '')) || file === pattern;
  return {
    files: patterns.length === 0 ? files : files.filter((file) => patterns.some((pattern) => answers(file, pattern))),
    unanswered: patterns.filter((pattern) => !files.some((file) => answers(file, pattern))),
  };
}

/** @param {string} folder */
export const isFolder = (folder) => existsSync(folder) && statSync(folder).isDirectory();
