import { existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSafeForMake, makeBuildFolder } from './build-folder.js';
import { findToolchain } from './toolchain.js';

const folder = mkdtempSync(join(tmpdir(), 'vogjs-build-folder-'));
const test = suite('where an add-on is built');
test.after(() => rmSync(folder, { recursive: true }));

const unsafe = [
  ' ',
  "'",
  '"',
  '#',
  '$',
  '$(x)',
  '`x`',
  ';',
  '&',
  '|',
  '%',
  ':',
  '=',
  '*',
  '?',
  '[',
  '\\',
  '\n',
  '\t',
  '~',
  '!',
  '(',
  '<',
  'é',
  '日',
];

test('a path that make or a shell would read otherwise is not safe', () => {
  assert.ok(isSafeForMake('/srv/app/node_modules/.pnpm/@tensorflow+tfjs-node@4.22.0/lib'));
  for (const text of unsafe) assert.not(isSafeForMake(`/srv/a${text}b`), text);
});

test('the build is in staging where it may be, elsewhere where not, and leaves nothing', async () => {
  const headers = join(folder, 'node $(x)');
  mkdirSync(join(headers, 'include/node'), { recursive: true });
  writeFileSync(join(headers, 'include/node/node_api.h'), '');
  for (const name of ['plain', ...unsafe.map((text) => `a${text}b`)]) {
    const staging = join(folder, name);
    mkdirSync(join(staging, 'deps'), { recursive: true });
    const build = await makeBuildFolder(staging, headers);
    assert.ok(isSafeForMake(build.path) && isSafeForMake(build.nodeFolder), build.path);
    assert.is(build.path.startsWith(`${folder}/plain/`), name === 'plain');
    assert.is(readlinkSync(join(build.path, 'deps')), join(staging, 'deps'));
    assert.ok(existsSync(join(build.nodeFolder, 'include/node/node_api.h')), 'the headers are at a safe path');
    await build.remove();
    assert.not(existsSync(build.path));
    assert.equal(readdirSync(staging), ['deps']);
  }
});

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof VogError ? `${error.code} ${error.message}` : String(error);
  }
  return 'no error';
};

/** Tools by name, and Node's headers and node-gyp in folders of ours: nothing has to be installed here. */
const tools = { CXX: 'g++', MAKE: 'make', PYTHON: 'python3', npm_config_nodedir: join(folder, 'node $(x)') };

test('a compiler that is more than a compiler and its options is refused', () => {
  const gyp = join(folder, 'node-gyp.js');
  writeFileSync(gyp, '');
  const environment = { ...tools, npm_config_node_gyp: gyp };
  for (const CXX of ['g++; touch x', 'g++ $(touch x)', 'g++ `touch x`', 'g++ && x', 'g++ | x', 'g++ > x', 'g++\nx']) {
    assert.match(
      codeOf(() => findToolchain({ ...environment, CXX })),
      /TOOLCHAIN_MISSING CXX is/,
      CXX,
    );
  }
  assert.is(findToolchain({ ...environment, CXX: 'ccache g++ -O1' }).compiler, 'ccache g++ -O1');
});

test('a node-gyp in such a folder is passed over for another, or refused', () => {
  const inside = join(folder, 'gyp $(touch x)/node-gyp.js');
  mkdirSync(join(inside, '..'));
  writeFileSync(inside, '');
  const found = codeOf(() => {
    const { nodeGyp } = findToolchain({ ...tools, npm_config_node_gyp: inside });
    assert.ok(isSafeForMake(nodeGyp), nodeGyp);
  });
  assert.ok(found === 'no error' || found.startsWith('TOOLCHAIN_MISSING node-gyp lies in'), found);
});

test.run();
