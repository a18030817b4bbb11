import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../command-line.js';

const test = suite('the help of a command');

async function help(...args: string[]): Promise<string> {
  const { info } = console;
  let text = '';
  console.info = (part: string) => void (text += `${part}\n`);
  try {
    assert.is(await runCommandLine([...args, '--help']), 0);
  } finally {
    console.info = info;
  }
  return text;
}

const NAMES = /^ {2}(?:vogjs )?([a-z][a-z-]+)(?: \S+)* {2,}\S/gm;

test('every command says what it does, has an example, and fits 80 columns', async () => {
  const names = new Set([...(await help()).matchAll(NAMES)].map(([, name = '']) => name));
  assert.is(names.size, 13);
  for (const name of names) {
    const text = await help(name);
    const [about = '', usage = '', ...rest] = text.split('\n\n');
    assert.ok(about.startsWith(`vogjs ${name}: `) && about.endsWith('.'), about);
    assert.match(usage, `$ vogjs ${name}`);
    assert.match(rest.at(-1) ?? '', `Examples:\n  `, name);
    // What is one word cannot be wrapped: an address, a file's name.
    const wide = text.split('\n').filter((line) => line.length > 80 && /^ {2}--|^ {6,}/.test(line));
    assert.equal(wide, [], name);
  }
});

test('an option names its value, and what holds without it stands behind it', async () => {
  assert.match(await help('score'), /^ {2}--epochs <n> {2,}Epochs of training \(default: 12\)$/m);
  assert.match(await help('score'), /^ {2}--metrics <name,…> {2,}Metrics by name/m);
});

test.run();
