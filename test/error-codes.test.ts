// docs/errors.md lists every code that a package declares, and every code that is declared is thrown.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const filesOf = (folder: string): string[] => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });

interface Declared {
  readonly code: string;
  readonly package: string;
  readonly meaning: string;
}

/** What `src/error-codes.ts` of a package declares. */
function declaredIn(folder: string): Declared[] {
  const text = read(join('packages', folder, 'src/error-codes.ts'));
  const owner = /^(?:export| ) ?interface ErrorCodes extends Record<\w+, '([^']+)'>/m.exec(text)?.[1] ?? '';
  const lines = text.split('\n').filter((line) => /'[A-Z_]+'/.test(line));
  return lines.map((line) => {
    const [, code = '', meaning = ''] = /'([A-Z_]+)';? \/\/ (.+)$/.exec(line) ?? [];
    return { code, package: owner, meaning };
  });
}

const packages = readdirSync(join(root, 'packages')).filter((name) => existsSync(join(root, 'packages', name, 'src')));
const folders = packages.filter((name) => filesOf(`packages/${name}/src`).includes('error-codes.ts'));
const declared = folders.flatMap(declaredIn);

/** Rows of the table that begins with `| code |`. */
const documented = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| `([^`]+)` \| (.+?) \| (.+) \|$/gm)].map(
  ([, code = '', owner = '', meaning = '', advice = '']) => ({ code, package: owner, meaning, advice }),
);

const test = suite('error codes');

test('every code has a line with its meaning, in the package that declares it, and one package only', () => {
  assert.ok(declared.length >= 57, `${declared.length} codes`);
  for (const { code, meaning } of declared) assert.ok(code !== '' && meaning.length > 10, `${code}: ${meaning}`);
  assert.is(new Set(declared.map(({ code }) => code)).size, declared.length);
  for (const folder of folders) {
    const { name } = JSON.parse(read(`packages/${folder}/package.json`)) as { name: string };
    for (const each of declaredIn(folder)) assert.is(each.package, name, each.code);
  }
});

test('every door of a package brings its codes: a program that imports nothing else compiles', () => {
  for (const folder of folders) {
    const manifest = JSON.parse(read(`packages/${folder}/package.json`)) as {
      name: string;
      exports: Record<string, string | Record<string, string>>;
    };
    for (const [door, targets] of Object.entries(manifest.exports)) {
      const source = typeof targets === 'string' ? undefined : targets['@vogjs/source'];
      if (source === undefined || source.includes('.test.')) continue;
      const reached = reachedFrom(join('packages', folder, source));
      assert.ok(reached.has(join('packages', folder, 'src/error-codes.ts')), `${manifest.name} ${door}`);
    }
  }
});

/** Files that a file imports, or that those import, by relative paths; types too. */
function reachedFrom(file: string, reached = new Set<string>()): Set<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const [, path = ''] of read(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
    const next = join(file, '..', path).replace(/\.js$/, '.ts');
    if (existsSync(join(root, next))) reachedFrom(next, reached);
  }
  return reached;
}

test('docs/errors.md lists each declared code with package and meaning, and none besides, and says what to do', () => {
  const said = documented.map(({ code, package: owner, meaning }) => ({ code, package: owner, meaning }));
  const byCode = (a: Declared, b: Declared): number => a.code.localeCompare(b.code);
  assert.equal(said.sort(byCode), [...declared].sort(byCode));
  for (const { code, advice } of documented) assert.ok(advice.length > 5, `${code}: what to do`);
});

test('every declared code is thrown by its own package or named by one that builds on it', () => {
  const sources = packages.flatMap((name) =>
    filesOf(`packages/${name}/src`)
      .filter((path) => path.endsWith('.ts') && !/\.test\.|error-codes\.ts$/.test(path))
      .map((path) => read(`packages/${name}/src/${path}`)),
  );
  const unused = declared.filter(({ code }) => !sources.some((source) => source.includes(`'${code}'`)));
  assert.equal(unused, []);
});

test.run();
