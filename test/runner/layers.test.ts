// Only with --all: it compiles and starts processes that judge our own scripts
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const script = fileURLToPath(new URL('../../scripts/layers.mjs', import.meta.url));

type Tree = Record<string, string | object>;

/** A workspace in which everything is in order. */
const sound: Tree = {
  'packages/base/package.json': { name: '@vogjs/base' },
  'packages/base/src/index.ts': 'export const one = 1;',
  'packages/core/package.json': { name: '@vogjs/core', dependencies: { '@vogjs/base': 'workspace:^', rxjs: '7' } },
  'packages/core/src/index.ts':
    "import { one } from '@vogjs/base';\nimport { map } from 'rxjs';\nexport * from './two.js';",
  'packages/core/src/two.ts': "// import '@vogjs/report' is only a comment\nexport const two = \"import 'node:fs'\";",
  'packages/core/src/two.test.ts': "import { test } from 'uvu';\nimport { readFileSync } from 'node:fs';",
  'packages/core/src/node/index.ts': "import { readFileSync } from 'node:fs';",
  'packages/callback/package.json': { name: '@vogjs/callback', dependencies: { '@vogjs/base': 'workspace:^' } },
  'packages/callback/src/index.ts': 'export const three = 3;',
  'packages/ood/package.json': { name: '@vogjs/ood', dependencies: { '@vogjs/base': 'workspace:^' } },
  'packages/ood/src/index.ts': 'export const four = 4;',
  'packages/report/package.json': { name: '@vogjs/report', dependencies: { '@vogjs/core': 'workspace:^' } },
  'packages/report/src/index.ts': "import { readFileSync } from 'fs';\nimport type { two } from '@vogjs/core';",
  'test/package.json': { name: '@vogjs/test', dependencies: { '@vogjs/core': 'workspace:^' } },
  'test/all.test.ts': "import { two } from '@vogjs/core';",
};

/** Lays the tree down with some files changed, and returns what the layer check says of it. */
function checkLayers(changes: Tree) {
  const root = mkdtempSync(join(tmpdir(), 'vogjs-layers-'));
  try {
    for (const [path, content] of Object.entries({ ...sound, ...changes })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--root', root], { encoding: 'utf8' });
    return { status, lines: stdout.trimEnd().split('\n'), stderr };
  } finally {
    rmSync(root, { recursive: true });
  }
}

function refuses(changes: Tree, ...expected: string[]) {
  const { status, lines, stderr } = checkLayers(changes);
  assert.equal(lines, expected, stderr);
  assert.is(status, 1);
}

test('a sound workspace passes, and its imports are counted', () => {
  const { status, lines, stderr } = checkLayers({});
  assert.equal(lines, ['6 packages, 9 imports: all go down'], stderr);
  assert.is(status, 0);
});

test('an import that goes up is reported by file and line', () => {
  refuses(
    { 'packages/core/src/two.ts': "export const two = 2;\nimport { html } from '@vogjs/report';" },
    'packages/core/src/two.ts:2 @vogjs/core must not use @vogjs/report: that goes up',
    'packages/core/src/two.ts:2 @vogjs/report is not in the package.json of @vogjs/core',
  );
});

test('an import that goes sideways is reported by file and line, in a test file too', () => {
  refuses(
    {
      'packages/ood/package.json': {
        name: '@vogjs/ood',
        dependencies: { '@vogjs/base': 'workspace:^' },
        devDependencies: { '@vogjs/callback': 'workspace:^' },
      },
      'packages/ood/src/two.test.ts': "\n\nimport { three } from '@vogjs/callback';",
    },
    'packages/ood/package.json:7 @vogjs/ood must not use @vogjs/callback: that goes sideways',
    'packages/ood/src/two.test.ts:3 @vogjs/ood must not use @vogjs/callback: that goes sideways',
  );
});

test('a dependency that goes up is reported even when nothing imports it', () => {
  refuses(
    { 'packages/ood/package.json': { name: '@vogjs/ood', peerDependencies: { '@vogjs/report': 'workspace:^' } } },
    'packages/ood/package.json:4 @vogjs/ood must not use @vogjs/report: that goes up',
  );
});

test('every form of import is seen: type, re-export, dynamic, type query, require, resolve', () => {
  const forms = [
    "import type { T } from '@vogjs/report';",
    "export { t } from '@vogjs/report';",
    "export * from '@vogjs/report';",
    "void import('@vogjs/report');",
    "export type U = import('@vogjs/report').T;",
    "require('@vogjs/report');",
    "import.meta.resolve('@vogjs/report');",
    "import '@vogjs/report/sub/path';",
  ];
  const { lines } = checkLayers({ 'packages/core/src/two.ts': forms.join('\n') });
  for (const [index, form] of forms.entries()) {
    assert.ok(
      lines.some((line) => line.startsWith(`packages/core/src/two.ts:${index + 1} `)),
      form,
    );
  }
});

test('a relative import that crosses a package boundary is reported', () => {
  refuses(
    { 'packages/report/src/index.ts': "import { two } from '../../core/src/two.js';" },
    "packages/report/src/index.ts:1 '../../core/src/two.js' leaves its package: import the package by its name",
  );
});

test('a package that is not in package.json is reported, of this workspace or not', () => {
  refuses(
    {
      'packages/report/src/index.ts':
        "import { one } from '@vogjs/base';\nimport { plot } from '@observablehq/plot/x';",
    },
    'packages/report/src/index.ts:1 @vogjs/base is not in the package.json of @vogjs/report',
    'packages/report/src/index.ts:2 @observablehq/plot is not in the package.json of @vogjs/report',
  );
});

test("Node's modules in a package for browsers are reported, also through a detour", () => {
  refuses(
    {
      'packages/core/src/two.ts':
        "import { x } from 'node:path';\nimport { y } from 'fs';\nimport { z } from './node/index.js';",
    },
    "packages/core/src/two.ts:1 'node:path' does not exist in a browser: move it under a node/ folder",
    "packages/core/src/two.ts:2 'fs' does not exist in a browser: move it under a node/ folder",
    "packages/core/src/two.ts:3 './node/index.js' is for Node only, and @vogjs/core must run in a browser",
  );
});

test('a type of Node leaves nothing in the browser, and test support is not shipped', () => {
  const { status, lines } = checkLayers({
    'packages/core/src/two.ts': "import type { x } from 'node:fs';\nexport type Y = typeof import('node:path');",
    'packages/core/src/testing/boot.ts': "import { createRequire } from 'node:module';",
  });
  assert.is(status, 0, lines.join('\n'));
});

test('a package without a layer is reported', () => {
  refuses(
    { 'packages/new/package.json': { name: '@vogjs/new' } },
    'packages/new/package.json:1 new has no layer: give it one in scripts/check/house.mjs',
  );
});

const testing: Tree = {
  'packages/testing/package.json': { name: '@vogjs/testing', private: true },
  'packages/testing/src/index.ts': 'export const five = 5;',
};

test('a private package serves the tests of a published one, and nothing else of it', () => {
  const needed = { '@vogjs/base': 'workspace:^' };
  const useIt = "import { five } from '@vogjs/testing';";
  const inTests = {
    ...testing,
    'packages/ood/package.json': {
      name: '@vogjs/ood',
      dependencies: needed,
      devDependencies: { '@vogjs/testing': 'workspace:^' },
    },
    'packages/ood/src/two.test.ts': useIt,
  };
  const { status, lines } = checkLayers(inTests);
  assert.is(status, 0, lines.join('\n'));
  refuses(
    { ...inTests, 'packages/ood/src/two.ts': useIt },
    'packages/ood/src/two.ts:1 @vogjs/testing is private: only tests may use it',
    'packages/ood/src/two.ts:1 @vogjs/testing is not in the package.json of @vogjs/ood',
  );
  refuses(
    {
      ...testing,
      'packages/ood/package.json': { name: '@vogjs/ood', dependencies: { '@vogjs/testing': 'workspace:^' } },
    },
    'packages/ood/package.json:4 @vogjs/testing is private: make it a devDependency, for tests only',
  );
});

test('two files that import each other are reported, with a type-only import on the way too', () => {
  const circle = {
    'packages/callback/src/one.ts': "import { two } from './two.js';",
    'packages/callback/src/two.ts': "import './two-parts.js';\nexport type { One } from './one.js';",
    'packages/callback/src/two-parts.ts': '',
  };
  refuses(
    circle,
    'packages/callback/src/one.ts:1 > packages/callback/src/two.ts, ' +
      'packages/callback/src/two.ts:2 > packages/callback/src/one.ts: a circle of imports',
  );
  const { status } = checkLayers({ ...circle, 'packages/callback/src/two.ts': "import './two-parts.js';" });
  assert.is(status, 0);
});

test('folders of a package that lean on each other are reported, though no file does', () => {
  refuses(
    {
      'packages/callback/src/a/one.ts': "import { two } from '../b/deep/two.js';",
      'packages/callback/src/b/three.ts': "import { four } from '../c/four.js';",
      'packages/callback/src/b/deep/two.ts': 'export const two = 2;',
      'packages/callback/src/c/four.ts': "import type { five } from '../a/five.js';",
      'packages/callback/src/a/five.ts': 'export const five = 5;',
    },
    'packages/callback/src/a/one.ts:1 > packages/callback/src/b/deep/two.ts, ' +
      'packages/callback/src/b/three.ts:1 > packages/callback/src/c/four.ts, ' +
      'packages/callback/src/c/four.ts:1 > packages/callback/src/a/five.ts: a circle of imports',
  );
});

test('a folder and a file beside it that lean on each other are reported', () => {
  refuses(
    {
      'packages/callback/src/parts.ts': "import { one } from './a/one.js';",
      'packages/callback/src/a/two.ts': "import { parts } from '../parts.js';",
      'packages/callback/src/a/one.ts': 'export const one = 1;',
    },
    'packages/callback/src/a/two.ts:1 > packages/callback/src/parts.ts, ' +
      'packages/callback/src/parts.ts:1 > packages/callback/src/a/one.ts: a circle of imports',
  );
});

test('a test may import from every folder, but stands in no circle of files', () => {
  const across = {
    'packages/callback/src/a/one.ts': "import { two } from '../b/two.js';",
    'packages/callback/src/b/two.ts': 'export const two = 2;',
    'packages/callback/src/b/two.test.ts': "import { one } from '../a/one.js';",
  };
  assert.is(checkLayers(across).status, 0);
  refuses(
    {
      ...across,
      'packages/callback/src/b/x.test.helper.ts': "import { y } from './y.test.helper.js';",
      'packages/callback/src/b/y.test.helper.ts': "import { x } from './x.test.helper.js';",
    },
    'packages/callback/src/b/x.test.helper.ts:1 > packages/callback/src/b/y.test.helper.ts, ' +
      'packages/callback/src/b/y.test.helper.ts:1 > packages/callback/src/b/x.test.helper.ts: a circle of imports',
  );
});

test('the scripts of the root stand in no circle either', () => {
  refuses(
    { 'scripts/one.mjs': "import './parts/two.mjs';", 'scripts/parts/two.mjs': "import '../one.mjs';" },
    'scripts/one.mjs:1 > scripts/parts/two.mjs, scripts/parts/two.mjs:1 > scripts/one.mjs: a circle of imports',
  );
});

test('a file that does not parse is reported, not passed over', () => {
  const { status, lines } = checkLayers({ 'packages/ood/src/index.ts': 'import {' });
  assert.is(status, 1);
  assert.match(lines[0] ?? '', /^packages\/ood\/src\/index\.ts:1 does not parse: /);
});

test.run();
