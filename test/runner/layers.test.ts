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
  'packages/formats/package.json': { name: '@vogjs/formats', dependencies: { '@vogjs/base': 'workspace:^' } },
  'packages/formats/src/index.ts': 'export const three = 3;',
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
  assert.equal(lines, ['5 packages, 9 imports: all go down'], stderr);
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
      'packages/statistics/package.json': {
        name: '@vogjs/statistics',
        dependencies: { '@vogjs/base': 'workspace:^' },
        devDependencies: { '@vogjs/formats': 'workspace:^' },
      },
      'packages/statistics/src/two.test.ts': "\n\nimport { three } from '@vogjs/formats';",
    },
    'packages/statistics/package.json:7 @vogjs/statistics must not use @vogjs/formats: that goes sideways',
    'packages/statistics/src/two.test.ts:3 @vogjs/statistics must not use @vogjs/formats: that goes sideways',
  );
});

test('a dependency that goes up is reported even when nothing imports it', () => {
  refuses(
    {
      'packages/formats/package.json': { name: '@vogjs/formats', peerDependencies: { '@vogjs/report': 'workspace:^' } },
    },
    'packages/formats/package.json:4 @vogjs/formats must not use @vogjs/report: that goes up',
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
    'packages/new/package.json:1 new has no layer: give it one in scripts/layers.mjs',
  );
});

test('a file that does not parse is reported, not passed over', () => {
  const { status, lines } = checkLayers({ 'packages/formats/src/index.ts': 'import {' });
  assert.is(status, 1);
  assert.match(lines[0] ?? '', /^packages\/data\/src\/index\.ts:1 does not parse: /);
});

test.run();
