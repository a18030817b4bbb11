// Only with --all: it compiles and starts processes that judge our own scripts
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { blocksOf, kindOf, programOf } from './blocks.js';
import { commandProblem, workspaceAt } from './commands.js';

const fence = '```';
const block = (language: string, ...code: string[]) => [`${fence}${language}`, ...code, fence].join('\n');
const workspace = workspaceAt(fileURLToPath(new URL('../..', import.meta.url)));

test('a block has its line, its language and its code', () => {
  const [first, second, ...more] = blocksOf(
    ['# Title', '', block('ts', 'one();', '', 'two();'), 'text', block('sh', 'ls')].join('\n'),
  );
  assert.equal(first, { line: 3, language: 'ts', code: 'one();\n\ntwo();', continues: false });
  assert.equal(second, { line: 9, language: 'sh', code: 'ls', continues: false });
  assert.equal(more, []);
});

test('the comment before a block says how it runs, over blank lines', () => {
  const text = [
    '<!-- run: setup=fashion -->',
    '',
    block('ts', 'one();'),
    '<!-- not run: needs a GPU -->',
    block('sh', 'x'),
  ];
  const [first, second] = blocksOf(text.join('\n'));
  assert.is(first?.setup, 'fashion');
  assert.is(second?.notRun, 'needs a GPU');
});

test('a block that continues runs after the one before it, with its setup', () => {
  const blocks = blocksOf(
    [
      '<!-- run: setup=fashion -->',
      block('ts', 'a();'),
      block('text', 'out'),
      '<!-- run: continues -->',
      block('ts', 'b();'),
    ].join('\n'),
  );
  assert.equal(programOf(blocks, blocks[2]!), { code: 'a();\nb();', setup: 'fashion' });
  assert.throws(
    () => programOf(blocksOf(`<!-- run: continues -->\n${block('ts', 'b();')}`), { ...blocks[2]!, line: 9 }),
    /no block to continue/,
  );
});

test('a block in a list loses its indent, and a longer fence holds a shorter one', () => {
  assert.is(blocksOf(`1. Do\n\n   ${fence}ts\n   one();\n     two();\n   ${fence}`)[0]?.code, 'one();\n  two();');
  assert.is(blocksOf(`\`${fence}text\n${block('ts', 'one();')}\n\`${fence}`)[0]?.code, block('ts', 'one();'));
});

test('a comment that would check nothing is an error', () => {
  assert.throws(() => blocksOf(`<!-- run: setpu=fashion -->\n${block('ts', 'a();')}`), /unknown word "setpu=fashion"/);
  assert.throws(() => blocksOf(`<!-- not run: -->\n${block('ts', 'a();')}`), /needs a reason/);
  assert.throws(
    () => blocksOf(`<!-- not run: why -->\ntext\n${block('ts', 'a();')}`),
    /must stand before a code block/,
  );
  assert.throws(() => blocksOf('<!-- not run: why -->'), /belongs to no block/);
  assert.throws(() => blocksOf(`${fence}ts\na();`), /never closed/);
});

test('a language that nobody decided on has no kind, an unnamed one included', () => {
  assert.equal(['ts', 'sh', 'text', '', 'python'].map(kindOf), ['program', 'commands', 'text', undefined, undefined]);
});

test('commands that exist have no problem', () => {
  for (const line of [
    'npx -y pnpm@12 test',
    '$ npx -y pnpm@12 check  # lint, types',
    'pnpm run test packages/core',
    '',
    '# a remark',
  ]) {
    assert.is(commandProblem(workspace, line), undefined, line);
  }
  assert.is(commandProblem(workspace, 'npm install @vogjs/callback @tensorflow/tfjs@4.22.0 vogjs'), undefined);
  assert.is(commandProblem(workspace, 'cd vogjs && npx -y pnpm@12 install'), undefined);
});

test('commands that do not exist are named', () => {
  assert.match(commandProblem(workspace, 'npx -y pnpm@12 dmeo') ?? '', 'no script dmeo');
  assert.match(commandProblem(workspace, 'cd vogjs && pnpm tset') ?? '', 'no script tset');
  assert.match(commandProblem(workspace, 'npm install @vogjs/callbacks') ?? '', '@vogjs/callbacks is neither');
  assert.match(commandProblem(workspace, 'node scripts/no-such.mjs') ?? '', 'no file scripts/no-such.mjs');
  assert.match(commandProblem(workspace, 'npx vogjs scroe run.safetensors') ?? '', 'no command scroe');
  assert.match(commandProblem(workspace, 'rm -rf x') ?? '', 'nobody can tell');
});

test.run();
