// Only with --all: it starts processes that refuse TensorFlow.js
import { execFileSync } from 'node:child_process';
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

/** Loads an entry from source in a process of its own that refuses TensorFlow.js. */
function load(entry: string): string {
  const code = `import(${JSON.stringify(entry)}).then((all) => console.log(Object.keys(all).join(' ')), (error) => console.log(error.message))`;
  const tsx = import.meta.resolve('tsx');
  const args = ['--conditions=@vogjs/source', '--import', tsx, '--import', register, '--eval', code];
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
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

test.run();
