// Only with --all: it starts processes that refuse TensorFlow.js
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Names every module of TensorFlow.js that is asked for, and loads none of them. */
const hooks = `export async function resolve(specifier, context, next) {
  if (specifier.startsWith('@tensorflow/')) throw new Error('asks for ' + specifier);
  return next(specifier, context);
}`;
const address = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const register = address(`import { register } from 'node:module'; register(${JSON.stringify(address(hooks))});`);

const flags = ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx'), '--import', register];

/** Loads an entry from source in a process of its own that refuses TensorFlow.js. */
function load(entry: string): string {
  const code = `import(${JSON.stringify(entry)}).then((all) => console.log(Object.keys(all).join(' ')), (error) => console.log(error.message))`;
  return execFileSync(process.execPath, [...flags, '--eval', code], { cwd: folder, encoding: 'utf8' });
}

for (const [entry, name] of [
  ['@vogjs/base', 'VogError'],
  ['@vogjs/statistics', 'quantile'],
  ['@vogjs/formats', 'readNpy'],
  ['@vogjs/ood/evaluation', 'evaluateOod'],
] as const) {
  test(`${entry} loads in Node without TensorFlow.js`, () => {
    assert.ok(load(entry).split(/\s/).includes(name), load(entry));
  });
}

test('an entry that needs TensorFlow.js is seen to need it', () => {
  assert.match(load('@vogjs/ood'), 'asks for @tensorflow/');
});

/** Runs the command line from source in such a process. */
function vogjs(typed: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const main = fileURLToPath(new URL('../packages/vogjs/src/main.ts', import.meta.url));
  return spawnSync(process.execPath, [...flags, main, ...typed.split(' ')], { cwd: folder, encoding: 'utf8' });
}

test('help, version and what is typed wrongly need no TensorFlow.js, a command that runs does', () => {
  for (const [typed, code, says] of [
    ['--version', 0, /^vogjs\//],
    ['--help', 0, /link-libtensorflow/],
    ['score --help', 0, /--fail-above <kind=share,…>/],
    ['demo --epochs 0', 2, /--epochs must be/],
    ['score photos --backend gpu', 2, /backend must be 'auto'/],
    ['export run --to xls', 2, /to must be 'csv'/],
  ] as const) {
    const { status, stdout, stderr } = vogjs(typed);
    assert.is(status, code, `${typed}: ${stderr}`);
    assert.match(stdout + stderr, says);
  }
  assert.match(vogjs('score photos').stderr, 'asks for @tensorflow/');
});

test.run();
