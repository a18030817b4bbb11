// Only with --all: it runs the checks of a whole workspace
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a check says of a repository with these files. */
function check(name: string, files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-checks-'));
  try {
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const { status, stdout } = spawnSync(process.execPath, [join(root, 'scripts/check', name)], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, lines: stdout.trimEnd().split('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const lines = (count: number) => 'x;\n'.repeat(count);

test('a source file over 300 lines is named; tests, fixtures and files elsewhere may be longer', () => {
  const fine = {
    'packages/a/src/ok.ts': lines(300),
    'packages/a/src/b.ts': lines(1),
    'packages/a/src/c.ts': lines(2),
    'packages/a/src/d.ts': lines(3),
    'packages/a/src/a.test.ts': lines(900),
    'docs/long.ts': lines(900),
  };
  assert.equal(check('sizes.mjs', fine), {
    status: 0,
    lines: ['4 source files, the longest 300 lines; median in packages/ 3'],
  });
  const { status, lines: report } = check('sizes.mjs', { ...fine, 'packages/a/src/long.ts': lines(301) });
  assert.is(status, 1);
  assert.equal(report, ['packages/a/src/long.ts: 301 lines, at most 300: split it by idea']);
});

test('packages of long files on the whole are refused: the median file has at most 110 lines', () => {
  const fine = {
    'packages/a/src/a.ts': lines(10),
    'packages/b/src/b.ts': lines(110),
    'packages/b/src/c.ts': lines(200),
  };
  assert.is(check('sizes.mjs', fine).status, 0);
  // Scripts and tests are not in the median.
  const { status, lines: report } = check('sizes.mjs', {
    ...fine,
    'packages/b/src/b.ts': lines(111),
    'scripts/d.mjs': lines(1),
    'scripts/e.mjs': lines(1),
  });
  assert.is(status, 1);
  assert.equal(report, ['half of the files in packages/ have 111 lines or more, at most 110']);
});

test('download addresses, registries and paths of one machine are named by file and line', () => {
  // Put together here, so that this file is not what it looks for.
  const scheme = 'https:/';
  const { status, lines } = check('forbidden.mjs', {
    'pnpm-lock.yaml': `packages:\n  resolution: {integrity: x, tarball: y}\n  at: ${scheme}/example.org\n`,
    'settings.txt': `one\n${scheme}/registry.example.org/tfjs\n`,
    'notes.md': `See ${['', 'home', 'ann', 'vogjs'].join('/')}.\n`,
    'package.json': `{ "homepage": "${scheme}/example.org/home/page" }\n`,
    'binary.bin': `\0${['', 'home', 'ann'].join('/')}`,
  });
  assert.is(status, 1);
  const places = lines.map((line) => line.split(' ')[0] ?? '');
  assert.equal(places.sort(), ['notes.md:1', 'pnpm-lock.yaml:2', 'pnpm-lock.yaml:3', 'settings.txt:2']);
  assert.is(check('forbidden.mjs', { 'a.md': 'fine' }).status, 0);
});

test('an empty repository is not a passed check', () => {
  assert.is(check('sizes.mjs', {}).status, 1);
  assert.is(check('forbidden.mjs', {}).status, 1);
});

test('an unknown check is refused', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/check.mjs'), 'typos'], {
    encoding: 'utf8',
  });
  assert.is(status, 2);
  assert.match(stderr, 'unknown check: typos');
});

test('every test file is type-checked: its @ts-expect-error lines are checks', () => {
  const compiler = join(root, 'node_modules/typescript/lib/tsc.js');
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  let count = 0;
  const filesOf = (project: string): string[] =>
    execFileSync(process.execPath, [compiler, '-p', project, '--listFilesOnly'], { encoding: 'utf8' })
      .split('\n')
      .map((path) => relative(root, path));
  for (const folder of [...packages, join(root, 'test')]) {
    // An app in a package has settings of its own, for a browser.
    const app = join(folder, 'src/app');
    const projects = existsSync(join(app, 'tsconfig.json')) ? [folder, app] : [folder];
    const checked = new Set(projects.flatMap(filesOf));
    const sources = folder.endsWith('test') ? folder : join(folder, 'src');
    const files = existsSync(sources) ? readdirSync(sources, { recursive: true }).map(String) : [];
    for (const file of files) {
      if (!file.endsWith('.test.ts') || /(^|\/)(fixtures|node_modules)\//.test(file)) continue;
      count++;
      assert.ok(
        checked.has(relative(root, join(sources, file))),
        `${relative(root, join(sources, file))} is not type-checked`,
      );
    }
  }
  assert.ok(count > 0);
});

test.run();
