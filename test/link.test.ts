// vogjs link-libtensorflow as a person runs it. A stand-in TensorFlow of two tiny libraries is built, linked, verified
// and undone in seconds; the real one only where VOGJS_TEST_NATIVE names a wheel of it.
// Only with --all: it compiles an add-on, which needs a compiler and takes minutes
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tarOf, zipOf, type Packed } from 'vogjs/internals';
import { vogjs } from './native/command.js';
import { elfHead, HEADERS, installFake, LIBRARY_SOURCE } from './native/fake-package.js';

const folder = mkdtempSync(join(tmpdir(), 'vogjs-link-'));
const test = suite('link-libtensorflow');
test.after(() => rmSync(folder, { recursive: true }));

const MAIN = 'libtensorflow_cc.so.2';
const FRAMEWORK = 'libtensorflow_framework.so.2';
const MACHINE = process.arch === 'arm64' ? 183 : 62;
const link = (cwd: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  vogjs(cwd, ['link-libtensorflow', ...args], environment);

/** Every path below a folder with its kind, mode, content or target. */
function tree(root: string): string[] {
  return readdirSync(root, { recursive: true })
    .map((name) => {
      const path = join(root, String(name));
      const { mode } = lstatSync(path);
      if (lstatSync(path).isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      if (lstatSync(path).isDirectory()) return `${name}/ ${mode.toString(8)}`;
      return `${name} ${mode.toString(8)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    })
    .sort();
}

function project(name: string, behaviour: 'right' | 'wrong' = 'right'): { cwd: string; target: string } {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  return { cwd, target: installFake(cwd, { behaviour, native: true }) };
}

let archives = 0;
function wheel(files: readonly Packed[]): string {
  const path = join(folder, `tensorflow-2.99.0-${archives++}.whl`);
  writeFileSync(path, zipOf(files));
  return path;
}

const headers = Object.entries(HEADERS).map(([name, text]) => ({
  name: `tensorflow/include/${name}`,
  content: Buffer.from(text),
}));
const metadata = { name: 'tensorflow-2.99.0.dist-info/METADATA', content: Buffer.from('Name: x\nVersion: 2.99.0\n') };
const library = (name: string, machine = MACHINE): Packed => ({
  name: `tensorflow/${name}`,
  content: elfHead(machine),
});

const plain = project('plain');
const untouched = tree(plain.target);

for (const [what, code, problem, source] of [
  ['nothing', 'TENSORFLOW_MISSING', /There is no file or folder .*Check the path/, () => join(folder, 'nowhere.whl')],
  ['a text file', 'FORMAT_UNSUPPORTED', /neither a wheel/, () => write('a.txt', Buffer.from('hello world'))],
  ['a wheel that is cut off', 'FORMAT_TRUNCATED', /cut off/, () => write('cut.whl', zipOf(headers).subarray(0, 200))],
  [
    'a wheel of another package',
    'TENSORFLOW_MISSING',
    /not a wheel of TensorFlow/,
    () => wheel([{ name: 'numpy/__init__.py', content: Buffer.alloc(1) }]),
  ],
  [
    'a wheel that is too old',
    'TENSORFLOW_LIBRARIES_MISSING',
    /lacks libtensorflow_cc\.so\.2: it is too old/,
    () => wheel([...headers, library(FRAMEWORK)]),
  ],
  [
    'a wheel without libraries',
    'TENSORFLOW_LIBRARIES_MISSING',
    /lacks libtensorflow_cc\.so\.2/,
    () => wheel([...headers, metadata]),
  ],
  [
    'a wheel for macOS',
    'PLATFORM_MISMATCH',
    /for macOS/,
    () => wheel([...headers, library('libtensorflow_cc.2.dylib')]),
  ],
  [
    'a wheel for Windows',
    'PLATFORM_MISMATCH',
    /for Windows/,
    () => wheel([...headers, library('python/_pywrap_tensorflow_internal.pyd')]),
  ],
  [
    'a wheel for another processor',
    'PLATFORM_MISMATCH',
    process.arch === 'arm64' ? /is for x86-64/ : /is for ARM64/,
    () => wheel([...headers, library(MAIN, MACHINE === 62 ? 183 : 62), library(FRAMEWORK)]),
  ],
  [
    'a wheel without headers',
    'TENSORFLOW_HEADERS_MISSING',
    /lacks the header tensorflow\/c\/c_api\.h/,
    () => wheel([library(MAIN), library(FRAMEWORK)]),
  ],
  [
    'a wheel larger than the disk',
    'DISK_FULL',
    /not enough disk space/,
    () => wheel([...headers, { ...library(MAIN), zip64: true, claim: 2 ** 50 }, library(FRAMEWORK)]),
  ],
  ['an empty folder', 'TENSORFLOW_LIBRARIES_MISSING', /lacks libtensorflow_cc\.so\.2/, () => empty('empty')],
] as const) {
  test(`${what} is refused with ${code}, and the package stays as it was`, async () => {
    const result = await link(plain.cwd, [source()]);
    assert.is(result.code, 1, result.stdout + result.stderr);
    assert.match(result.stderr, problem);
    assert.match(result.stderr, new RegExp(`\\[${code}\\]`));
    assert.equal(tree(plain.target), untouched);
  });
}

function write(name: string, content: Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function empty(name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}

test('without an installed package, and with half of one, the way to install it is told', async () => {
  const nothing = await link(empty('no-package'), ['x.whl']);
  assert.is(nothing.code, 1);
  assert.match(nothing.stderr, /npm install --ignore-scripts @tensorflow\/tfjs-node .*\[PACKAGE_MISSING\]/);
  const half = project('half');
  rmSync(join(half.target, 'binding'), { recursive: true });
  const incomplete = await link(half.cwd, ['x.whl']);
  assert.match(incomplete.stderr, /incomplete \(no binding\).*\[PACKAGE_MISSING\]/);
});

/** A PATH with these programs and nothing else. */
function pathWith(name: string, programs: Readonly<Record<string, string>>): string {
  const path = empty(name);
  for (const [program, script] of Object.entries(programs)) {
    writeFileSync(join(path, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, program), 0o755);
  }
  return path;
}

test('without a compiler, make and Python, what is missing is named', async () => {
  const environment = { PATH: pathWith('bare', { make: 'true' }), CXX: undefined, PYTHON: undefined };
  const { code, stderr } = await link(plain.cwd, ['x.whl'], environment);
  assert.is(code, 1);
  assert.match(stderr, /lacks a C\+\+ compiler \(g\+\+ or clang\+\+\), python3 .*\[TOOLCHAIN_MISSING\]/);
  assert.equal(tree(plain.target), untouched);
});

test('without a path, a python3 without TensorFlow is told apart from one that is not there', async () => {
  const { PATH = '' } = process.env;
  const none = pathWith('no-tensorflow', { python3: 'echo' });
  const without = await link(plain.cwd, [], { PATH: `${none}:${PATH}` });
  assert.match(without.stderr, /python3 has no TensorFlow: .*\[TENSORFLOW_MISSING\]/);
  const broken = pathWith('broken-python', { python3: 'exit 1' });
  const missing = await link(plain.cwd, [], { PATH: `${broken}:${PATH}` });
  assert.match(missing.stderr, /no python3 that could be asked.*\[TENSORFLOW_MISSING\]/);
  assert.equal(tree(plain.target), untouched);
});

test('an undo of what was never linked says so', async () => {
  const { code, stderr } = await link(plain.cwd, ['--undo']);
  assert.is(code, 1);
  assert.match(stderr, /nothing to undo.*\[NOT_LINKED\]/);
});

for (const [args, problem] of [
  [['--bogus'], /There is no option --bogus\./],
  [['--package', 'tfjs-web'], /--package must be one of/],
  [['--undo', 'a.whl'], /--undo takes no path/],
  [['a.whl', 'b.whl'], /Unexpected argument 'b\.whl'/],
] as const) {
  test(`vogjs link-libtensorflow ${args.join(' ')} is refused with exit code 2`, async () => {
    const { code, stderr } = await link(plain.cwd, args);
    assert.is(code, 2, stderr);
    assert.match(stderr, problem);
  });
}

/** The stand-in's libraries, really built; the compiler is part of what CI installs. */
function buildLibraries(): Record<string, Buffer> {
  const source = write('tensorflow.cc', Buffer.from(LIBRARY_SOURCE));
  const built: Record<string, Buffer> = {};
  for (const name of [MAIN, FRAMEWORK]) {
    const out = join(folder, `built-${name}`);
    const args = ['-shared', '-fPIC', `-Wl,-soname,${name}`, '-o', out, source];
    const { status, stderr } = spawnSync(process.env['CXX'] ?? 'g++', args, { encoding: 'utf8' });
    assert.is(status, 0, `these tests need g++: ${stderr}`);
    built[name] = readFileSync(out);
  }
  return built;
}

let libraries: Record<string, Buffer> = {};
const content = (name: string): Buffer => libraries[name]!;

/** An installed Python TensorFlow, with pip's CUDA folder beside it. */
function pythonFolder(name: string): string {
  const root = join(folder, name, 'tensorflow');
  for (const [path, text] of Object.entries(HEADERS)) {
    mkdirSync(dirname(join(root, 'include', path)), { recursive: true });
    writeFileSync(join(root, 'include', path), text);
  }
  for (const file of [MAIN, FRAMEWORK]) writeFileSync(join(root, file), content(file));
  mkdirSync(join(folder, name, 'nvidia'));
  return root;
}

test('a wheel is linked, verified, and usable from then on; what the package held comes back to the byte', async () => {
  libraries = buildLibraries();
  const { cwd, target } = project('whole');
  // What an ordinary install leaves; one file is shared with another place, as pnpm's are.
  mkdirSync(join(target, 'deps/lib'), { recursive: true });
  mkdirSync(join(target, 'lib/napi-v8'), { recursive: true });
  const shared = write('shared', Buffer.from('an old library'));
  linkSync(shared, join(target, 'deps/lib/libtensorflow.so.2.9.1'));
  symlinkSync('libtensorflow.so.2.9.1', join(target, 'deps/lib/libtensorflow.so'));
  writeFileSync(join(target, 'lib/napi-v8/tfjs_binding.node'), 'an old add-on');
  const before = tree(target);

  const path = wheel([
    ...headers,
    metadata,
    ...[MAIN, FRAMEWORK].map((name) => ({ name: `tensorflow/${name}`, content: content(name) })),
  ]);
  const linked = await link(cwd, [path]);
  assert.is(linked.code, 0, linked.stdout + linked.stderr);
  assert.match(linked.stdout, /^TensorFlow +2\.99\.0 from /m);
  assert.match(linked.stdout, /^Linked +@tensorflow\/tfjs-node runs TensorFlow 2\.99\.0 .*gradient within \d\.\de-\d/m);
  assert.ok(readFileSync(join(target, 'deps/lib', MAIN)).equals(content(MAIN)));
  assert.is(readlinkSync(join(target, 'deps/lib/libtensorflow.so.2.9.1')), MAIN);
  assert.not(existsSync(join(target, 'deps/include/tensorflow/core/unused.h')), 'only what is included');
  assert.equal(readdirSync(join(target, '.vogjs-link')).sort(), ['link.json', 'original']);
  assert.is(readFileSync(shared, 'utf8'), 'an old library', 'the shared file was not written into');

  const doctor = await vogjs(cwd, ['doctor', '--backend', 'tfjs-node', '--json']);
  assert.is(doctor.code, 0, doctor.stdout);
  assert.match(doctor.stdout, /TensorFlow 2\.99\.0/);

  const undone = await link(cwd, ['--undo']);
  assert.is(undone.code, 0, undone.stderr);
  assert.equal(tree(target), before);
  assert.is(statSync(shared).ino, statSync(join(target, 'deps/lib/libtensorflow.so.2.9.1')).ino);
});

test('a Python folder, then libtensorflow over it, in a package without its add-on; --json; one undo for both', async () => {
  const { cwd, target } = project('twice');
  const before = tree(target);
  const python = pythonFolder('site-packages');
  const source = tree(python);
  const bin = pathWith('python', {
    python3: `case "$1" in -c) echo "${python}";; *) exec /usr/bin/env -u X false;; esac`,
  });
  const real = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();
  const first = await link(cwd, ['--json'], { PATH: `${bin}:${process.env['PATH'] ?? ''}`, PYTHON: real });
  assert.is(first.code, 0, first.stdout + first.stderr);
  const report = JSON.parse(first.stdout) as Record<string, unknown>;
  assert.is(report['package'], '@tensorflow/tfjs-node');
  assert.is(report['source'], python);
  assert.is(report['tensorflow'], '2.99.0');
  assert.ok((report['gradientError'] as number) < 1e-5);
  assert.is(readlinkSync(join(target, 'deps/nvidia')), join(dirname(python), 'nvidia'), "CUDA's libraries are found");

  const tar = write(
    'libtensorflow.tar.gz',
    tarOf([
      ...Object.entries(HEADERS).map(([name, text]) => ({ name: `./include/${name}`, content: Buffer.from(text) })),
      { name: './lib/libtensorflow.so.2.99.0', content: content(MAIN) },
      { name: './lib/libtensorflow.so.2', link: 'libtensorflow.so.2.99.0' },
      { name: './lib/libtensorflow_framework.so.2', content: content(FRAMEWORK) },
      { name: './LICENSE', content: Buffer.from('x') },
    ]),
  );
  const second = await link(cwd, [tar]);
  // The stand-in's soname is that of a wheel's library: under libtensorflow's name it cannot be found, and the link is
  // taken back to the one before it.
  assert.is(second.code, 1);
  assert.match(second.stderr, /libtensorflow_cc\.so\.2.*What was there before is back in place\. \[LINK_UNVERIFIED\]/);
  assert.is(readlinkSync(join(target, 'deps/nvidia')), join(dirname(python), 'nvidia'));

  assert.is((await link(cwd, ['--undo'])).code, 0);
  assert.equal(tree(target), before);
  assert.equal(tree(python), source, 'the source was only read');
});

test('a project in a folder with spaces, quotes, #, $( ) and other scripts is linked, and nothing in its name is run', async () => {
  const name = `it's a "project" #1 $(touch run1) \`touch run2\`;touch run3 & 100% a:b=c\\d [x] *~ für 日本`; // no `?`: the tests' TypeScript loader ends paths there, Node does not
  const { cwd, target } = project(name);
  const before = tree(target);
  // The source lies in such a folder too, and the compiler's temporary files do.
  const python = pythonFolder(`${name}/site packages $(touch run4)`);
  const temporary = empty('tmp #2 $(touch run5)');
  const { code, stdout, stderr } = await link(cwd, [python, '--json'], { TMPDIR: temporary });
  assert.is(code, 0, stdout + stderr);
  const report = JSON.parse(stdout) as Record<string, unknown>;
  assert.is(report['tensorflow'], '2.99.0');
  const left = readdirSync(temporary).filter((entry) => entry.startsWith('vogjs'));
  assert.equal(left, [], 'nothing is left of the build');
  const run = readdirSync(folder, { recursive: true }).filter((path) =>
    /^run\d$/.test(String(path).split('/').at(-1)!),
  );
  assert.equal(run, [], 'nothing in a name was run');
  assert.is((await link(cwd, ['--undo'])).code, 0);
  assert.equal(tree(target), before);
});

test('an add-on whose gradients are wrong is taken back', async () => {
  const { cwd, target } = project('unverified', 'wrong');
  const before = tree(target);
  const { code, stderr } = await link(cwd, [join(folder, 'site-packages')]);
  assert.is(code, 1);
  assert.match(stderr, /its input gradient is off by .*\[LINK_UNVERIFIED\]/);
  assert.equal(tree(target), before);
});

test('sources that do not compile are told with the compiler’s own words', async () => {
  const { cwd, target } = project('uncompilable');
  writeFileSync(join(target, 'binding/tfjs_binding.cc'), '#include "tensorflow/c/c_api.h"\nint x = TF_Nothing();\n');
  const before = tree(target);
  const { code, stderr } = await link(cwd, [join(folder, 'site-packages/tensorflow')]);
  assert.is(code, 1);
  assert.match(stderr, /TF_Nothing[^]*\[BUILD_FAILED\]/);
  assert.equal(tree(target), before);
});

const real = process.env['VOGJS_TEST_NATIVE'];
if (real !== undefined && real !== '') {
  test('the real TensorFlow of VOGJS_TEST_NATIVE is linked into the real tfjs-node, right, and undone', async () => {
    const cwd = empty('real');
    writeFileSync(join(cwd, 'package.json'), '{}');
    const packages = ['@tensorflow/tfjs-node@4.22.0', '@tensorflow/tfjs@4.22.0'];
    const install = spawnSync('npm', ['install', '--ignore-scripts', ...packages], { cwd, encoding: 'utf8' });
    assert.is(install.status, 0, install.stderr);
    const target = join(cwd, 'node_modules/@tensorflow/tfjs-node');
    const before = tree(target);
    const linked = await link(cwd, [real, '--json']);
    assert.is(linked.code, 0, linked.stderr);
    const report = JSON.parse(linked.stdout) as {
      tensorflow: string;
      gradientError: number;
      imagesPerSecond: number;
      functions: boolean;
    };
    assert.is(report.functions, true);
    assert.match(report.tensorflow, /^2\.\d+/);
    assert.ok(report.gradientError < 1e-5 && report.imagesPerSecond > 50, linked.stdout);
    assert.is((await link(cwd, ['--undo'])).code, 0);
    assert.equal(tree(target), before);
  });
}

test.run();
