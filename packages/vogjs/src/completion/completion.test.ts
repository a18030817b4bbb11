// Help and completion say what the commands are, in all three shells.
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../command-line.test.helper.js';

const test = suite('help and completion');

/** Names of all commands, from the completion of the first word. */
async function commands(): Promise<string[]> {
  const { out } = await vogjs('completion', 'bash');
  return /words="([a-z -]+) --help --version"/.exec(out)![1]!.split(' ');
}

test('vogjs --help fits a screen, begins with what people want, and names every command', async () => {
  const { code, out } = await vogjs('--help');
  assert.is(code, 0);
  const lines = out.trimEnd().split('\n');
  assert.ok(lines.length <= 24, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 80, line);
  assert.equal(
    lines.slice(2, 5).map((line) => line.trim().split(' ').slice(0, 2).join(' ')),
    ['vogjs score', 'vogjs explore', 'vogjs demo'],
  );
  const names = await commands();
  assert.ok(names.length >= 12);
  for (const name of names) assert.match(out, new RegExp(`^ +(vogjs )?${name}\\b`, 'm'));
});

test('the help of every command has examples, whose options are its own', async () => {
  for (const name of await commands()) {
    const { out } = await vogjs(name, '--help');
    const [help = '', examples = ''] = out.split('\nExamples:\n');
    const lines = examples.split('\n').filter((line) => line.includes(`vogjs ${name}`));
    assert.ok(lines.length > 0, name);
    for (const [option] of examples.matchAll(/ --[a-z-]+/g))
      assert.ok(help.includes(option.trim()), `${name}${option}`);
  }
});

test('a command or option that nearly is one is told; one that is far from all is not guessed', async () => {
  const errorOf = async (...args: string[]): Promise<string> => {
    const { code, error } = await vogjs(...args);
    assert.is(code, 2);
    return error;
  };
  assert.match(await errorOf('scroe', 'photos'), /no command 'scroe'. Did you mean score\?\nTry: vogjs --help/);
  assert.match(await errorOf('explore', 'x', '--readonly'), /Did you mean --read-only\?\nTry: vogjs explore --help/);
  assert.match(await errorOf('score', '--imageSizes', '3'), /Did you mean --image-size\?/);
  assert.not.match(await errorOf('xyzzy'), /Did you mean/);
  assert.not.match(await errorOf('explore', 'x', '--qwertyuiop'), /Did you mean/);
});

test('bash completes commands, then the options of a command', async () => {
  const { out } = await vogjs('completion', 'bash');
  const complete = (...words: string[]): string[] => {
    const script = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})\nCOMP_CWORD=$((\${#COMP_WORDS[@]} - 1))\n_vogjs\necho "\${COMPREPLY[*]}"`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    assert.is(status, 0, stderr);
    return stdout.trim().split(' ').filter(Boolean);
  };
  assert.equal(complete('vogjs', 'exp'), ['explore', 'export']);
  assert.equal(complete('vogjs', 'explore', '--re'), ['--read-only']);
  assert.equal(complete('vogjs', 'score', 'pho'), [], 'files are left to bash');
});

for (const [shell, check] of [
  ['zsh', (script: string) => ['-n', '-c', script]],
  ['fish', (script: string) => ['-c', `${script}\ncomplete -C 'vogjs explore --re' | grep -q read-only`]],
] as const) {
  test(`${shell} reads its completion, where it is installed; every command and option is in it`, async () => {
    const { out } = await vogjs('completion', shell);
    const { error, status, stderr } = spawnSync(shell, check(out), { encoding: 'utf8' });
    if (error === undefined) assert.is(status, 0, stderr);
    for (const name of await commands()) {
      assert.match(out, new RegExp(`\\b${name}\\b`));
      const { out: help } = await vogjs(name, '--help');
      for (const [, option = ''] of help.matchAll(/^ {2}--([a-z-]+)/gm)) {
        assert.ok(out.includes(shell === 'fish' ? `-l ${option}` : `--${option}`), `${name} --${option}`);
      }
    }
  });
}

test('another shell is refused with those that there are', async () => {
  const { code, error } = await vogjs('completion', 'tcsh');
  assert.is(code, 2);
  assert.match(error, /bash.*zsh.*fish/);
});

test.run();
