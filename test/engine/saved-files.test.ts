// Files are replaced whole: by processes and threads at once, through links, with their mode, and without remains.
// Only with --all: processes and threads save against each other
import { spawn } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { replaceFile, withFile, writeFileAtomically } from '@vogjs/core/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codedError } from '../support/errors.js';

const test = suite('saved files');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vogjs-files-')));
test.after(() => rmSync(folder, { recursive: true }));

const script = fileURLToPath(new URL('fixtures/saver.ts', import.meta.url));
const tsconfig = fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url));
const execArgv = ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx')];
const env = { ...process.env, TSX_TSCONFIG_PATH: tsconfig };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (path: string): string => readFileSync(path, 'utf8');
const remains = (path = folder): string[] => readdirSync(path).filter((name) => name.endsWith('.tmp'));

/** How a process that saves ended: null for exit code 0. */
const inProcess = (...args: string[]): Promise<string | null> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [...execArgv, script, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.on('close', (code, signal) => resolve(code === 0 ? null : (signal ?? errors)));
  });

/** How a thread that saves ended. A worker takes no loader from the command line: it registers one itself. */
const inThread = (...args: string[]): Promise<string | null> =>
  new Promise((resolve) => {
    const program =
      `import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))}).then(({ register }) => { register(); ` +
      `return import(${JSON.stringify(new URL('fixtures/saver.ts', import.meta.url).href)}); })`;
    const worker = new Worker(program, { eval: true, workerData: args, execArgv: ['--conditions=@vogjs/source'], env });
    worker.on('message', () => resolve(null));
    worker.on('error', (error) => resolve(String(error)));
  });

test('two processes and two threads that save to one path: none is rejected, no file is torn, nothing is left', async () => {
  const path = join(folder, 'shared');
  const ends = await Promise.all([
    inProcess(path, '60'),
    inProcess(path, '60'),
    inThread(path, '60'),
    inThread(path, '60'),
  ]);
  assert.equal(ends, [null, null, null, null]);
  assert.equal(remains(), []);
});

test('the temporary file of a process that died in a write is removed by the next save; that of a living one stays', async () => {
  const path = join(folder, 'killed');
  writeFileSync(path, 'old');
  assert.is(await inProcess(path, '1', 'killed'), 'SIGKILL');
  assert.is(text(path), 'old');
  assert.is(remains().length, 1);
  const name = remains()[0] as string;
  const living = join(folder, name.replace(/^(killed)\.\d+-/, `$1.${process.ppid}-`));
  writeFileSync(living, 'in work');
  const foreign = join(folder, 'killed.999999999-0123456789abcdef-0123456789abcdef.tmp');
  writeFileSync(foreign, 'of another machine');
  await writeFileAtomically(path, bytes('new'));
  assert.is(text(path), 'new');
  assert.equal(
    remains()
      .map((each) => join(folder, each))
      .sort(),
    [foreign, living].sort(),
  );
  rmSync(living);
  rmSync(foreign);
});

test('the mode of a file stays: 0600 is 0600 after a save, and while it is written', async () => {
  const path = join(folder, 'private');
  for (const mode of [0o600, 0o640, 0o664, 0o444]) {
    writeFileSync(path, 'old', { flag: 'w' });
    chmodSync(path, mode);
    await replaceFile(path, async (sink) => {
      const [temporary = ''] = remains();
      assert.is(statSync(join(folder, temporary)).mode & 0o777 & ~mode, 0, 'more than the old file allowed');
      await sink.write(0, bytes('new'));
    });
    assert.is(statSync(path).mode & 0o777, mode);
    assert.is(text(path), 'new');
    rmSync(path);
  }
});

test('symbolic links stay: what they lead to is replaced, over several, into other folders, and when it is not there yet', async () => {
  mkdirSync(join(folder, 'a'));
  mkdirSync(join(folder, 'b'));
  writeFileSync(join(folder, 'a', 'target'), 'old');
  symlinkSync('../a/target', join(folder, 'b', 'second'));
  symlinkSync(join('b', 'second'), join(folder, 'first'));
  await writeFileAtomically(join(folder, 'first'), bytes('new'));
  assert.is(text(join(folder, 'a', 'target')), 'new');
  assert.ok(
    lstatSync(join(folder, 'first')).isSymbolicLink() && lstatSync(join(folder, 'b', 'second')).isSymbolicLink(),
  );

  symlinkSync('a/later', join(folder, 'dangling'));
  await writeFileAtomically(join(folder, 'dangling'), bytes('made'));
  assert.ok(lstatSync(join(folder, 'dangling')).isSymbolicLink());
  assert.is(text(join(folder, 'a', 'later')), 'made');

  // A relative link is read from where it really lies, also when its folder was reached by a link.
  symlinkSync('b', join(folder, 'c'));
  await writeFileAtomically(join(folder, 'c', 'second'), bytes('again'));
  assert.is(text(join(folder, 'a', 'target')), 'again');

  symlinkSync('circle', join(folder, 'circle'));
  await codedError(() => writeFileAtomically(join(folder, 'circle'), bytes('x')), 'FILE_FAILED');
  assert.equal([...remains(), ...remains(join(folder, 'a')), ...remains(join(folder, 'b'))], []);
});

test('what cannot be written is refused by code, and a write that fails leaves the old file and no remains', async () => {
  const path = join(folder, 'kept');
  writeFileSync(path, 'old');
  await codedError(
    () => writeFileAtomically(join(folder, 'no', 'folder'), bytes('x')),
    'FILE_FAILED',
    /no such file or folder.*folder must exist/,
  );
  await codedError(() => writeFileAtomically(folder, bytes('x')), 'FILE_FAILED', /folder/);
  await codedError(() => writeFileAtomically('/dev/null', bytes('x')), 'FILE_FAILED', /not a regular file/);
  await codedError(() => writeFileAtomically('', bytes('x')), 'ARGUMENT_INVALID');
  await codedError(
    () => withFile(join(folder, 'none'), async () => 0),
    'FILE_FAILED',
    /no such file or folder\. Check the path\.$/,
  );
  let thrown: unknown;
  await replaceFile(path, async (sink) => {
    await sink.write(0, bytes('half'));
    throw new Error('mine');
  }).catch((error: unknown) => (thrown = error));
  assert.match(String(thrown), /mine/);
  assert.is(text(path), 'old');
  assert.equal(remains(), []);
});

test('a name as long as the system allows can be saved to', async () => {
  const path = join(folder, 'n'.repeat(255));
  await writeFileAtomically(path, bytes('long'));
  assert.is(text(path), 'long');
  assert.equal(remains(), []);
});

test.run();
