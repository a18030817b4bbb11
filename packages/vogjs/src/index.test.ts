// Only with --all: it trains with the names that the package exports
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { VogError } from '@vogjs/base';
import { selectBackend } from '@vogjs/core/node';
import { fashionMnist } from './fashion-mnist/index.js';
import * as door from './index.js';

const test = suite('what people import from vogjs');
const root = fileURLToPath(new URL('../../..', import.meta.url));
const entry = fileURLToPath(new URL('index.ts', import.meta.url));

const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path)),
].filter((path) => path.endsWith('.md'));
const text = documents.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');

test('every export is a name that code in README or docs uses', () => {
  const code = [...text.matchAll(/^```[jt]s\n([^]*?)^```$|`([^`\n]+)`/gm)].map(([whole]) => whole).join('\n');
  const unused = Object.keys(door).filter((name) => !new RegExp(`\\b${name}\\b`).test(code));
  assert.equal(unused, []);
});

test('it exports what programs are made of, and stays a short list', () => {
  const count = Object.keys(door).length;
  assert.ok(count >= 20 && count <= 30, `${count} names`);
});

test('every name that README and docs import from vogjs is exported', () => {
  const imports = [...text.matchAll(/^import (?!type)\{([^}]+)\} from 'vogjs'/gm)];
  const names = imports.flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
  assert.ok(names.length > 0, 'no program imports from vogjs');
  assert.equal(
    names.filter((name) => name !== '' && !name.startsWith('type ') && !(name in door)),
    [],
  );
});

test('importing it in Node prints nothing', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, '--input-type=module', '--eval', `await import(${JSON.stringify(entry)});`],
    { encoding: 'utf8', cwd: root },
  );
  assert.equal({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
});

test('it bundles for a browser, without a module of Node and without the command line', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@vogjs/source'],
    outdir: join(root, '.scratch'),
    splitting: true,
    external: ['@tensorflow/tfjs', '@tensorflow/tfjs-*'],
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports.map(({ path }) => path));
  assert.equal(imports.filter(isBuiltin), []);
  const own = Object.keys(metafile.inputs).filter((path) => path.startsWith('packages/vogjs/'));
  // Which says of its options no more than their types.
  assert.equal(own, ['packages/vogjs/src/score/config/define-run.ts', relative(root, entry)]);
  assert.equal(
    Object.keys(metafile.inputs).filter((path) => path.includes('/cac/')),
    [],
  );
});

test('what is for Node says so in a page, by code', async () => {
  const kept = globalThis.process;
  const refused: Promise<unknown>[] = [];
  Object.defineProperty(globalThis, 'process', { value: undefined, configurable: true, writable: true });
  try {
    for (const run of [() => fashionMnist(10), () => selectBackend('wasm')]) {
      refused.push(run().catch((error: unknown) => error));
    }
  } finally {
    Object.defineProperty(globalThis, 'process', { value: kept, configurable: true, writable: true });
  }
  const [files, backend] = (await Promise.all(refused)) as VogError[];
  assert.is(files?.code, 'FILE_FAILED');
  assert.match(files?.message ?? '', /for Node/);
  assert.is(backend?.code, 'BACKEND_UNAVAILABLE');
  assert.match(backend?.message ?? '', /In a page: await tf\.setBackend/);
});

test.run();
