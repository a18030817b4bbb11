// The packages as a stranger gets them: packed, installed by pnpm's strict layout outside the workspace, used from plain
// Node and by the TypeScript compiler. What the workspace's own resolution hides shows here.
// Only with --all: it packs every package, installs them twice, and compiles against them by four compilers
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entries } from './packed/entries.js';
import { packedInto, root } from './packed/tarballs.js';
import { compilers, faultsIn, typescripts, writeConsumer } from './packed/types.js';

interface Manifest {
  name: string;
  exports: Record<string, string | Record<string, string>>;
  bin?: Record<string, string>;
}

const script = (name: string) => join(root, 'scripts', name);
const folder = mkdtempSync(join(tmpdir(), 'vogjs-packed-'));
const consumer = mkdtempSync(join(tmpdir(), 'vogjs-consumer-'));
const plugin = mkdtempSync(join(tmpdir(), 'vogjs-plugin-'));
let tarballs: Record<string, string> = {};

/** Runs a command to its end; `output` is all it printed. */
function run(cwd: string, file: string, ...args: string[]) {
  // The workspace's own settings (conditions, a loader) must not reach the consumer.
  const { NODE_OPTIONS: _options, TSX_TSCONFIG_PATH: _tsx, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, env, encoding: 'utf8' });
  return { status, stdout, output: `${stdout}${stderr}` };
}
const node = (cwd: string, ...args: string[]) => run(cwd, process.execPath, ...args);

const packed = suite('packed packages');

packed.after(() => {
  for (const path of [folder, consumer, plugin]) rmSync(path, { recursive: true, force: true });
});

packed('every package of the table builds and packs, and no other', async () => {
  tarballs = await packedInto(folder);
  const names = new Set(Object.keys(entries).map((entry) => /^(@[^/]+\/)?[^/]+/.exec(entry)?.[0] ?? entry));
  assert.equal(Object.keys(tarballs).sort(), [...names].sort());
});

packed('no declaration has a generic typed array, which TypeScript before 5.7 does not know', () => {
  for (const [name, tarball] of Object.entries(tarballs)) {
    const { status, stdout } = run(folder, 'tar', '-xzOf', tarball, '--wildcards', '*.d.ts');
    assert.is(status, 0, name);
    assert.match(stdout, 'export', name);
    assert.not.match(stdout, /\b(?:Uint8|Uint8Clamped|Int8|Uint16|Int16|Uint32|Int32|Float32|Float64)Array</, name);
  }
});

packed('a tarball holds compiled code, assets, licence and manifest: no source, no test, no build state', () => {
  assert.ok(Object.keys(tarballs).length > 0);
  for (const [name, tarball] of Object.entries(tarballs)) {
    const { status, stdout } = run(folder, 'tar', '-tzf', tarball);
    assert.is(status, 0);
    const files = stdout
      .trim()
      .split('\n')
      .map((path) => path.replace('package/', ''));
    const stray = files.filter(
      (path) =>
        !/^(dist\/|assets\/|page\/|live\/|package\.json$|LICENSE$|README\.md$)/.test(path) ||
        /\.test\.|tsbuildinfo|fixtures|\/testing\/boot|\.d\.ts\.map$/.test(path),
    );
    assert.equal(stray, [], `${name} packs files that it should not`);
    for (const needed of ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']) {
      assert.ok(files.includes(needed), `${name} lacks ${needed}`);
    }

    const text = run(folder, 'tar', '-xzOf', tarball, 'package/package.json').stdout;
    assert.not.match(text, '@vogjs/source', `${name}: consumers would resolve to source that is not there`);
    assert.not.match(text, 'workspace:', `${name}: consumers cannot resolve the workspace protocol`);
    const { exports, bin = {} } = JSON.parse(text) as Manifest;
    const targets = [
      ...Object.values(exports).flatMap((to) => (typeof to === 'string' ? [to] : Object.values(to))),
      ...Object.values(bin),
    ];
    const doors = Object.keys(exports).filter((door) => door !== './package.json');
    for (const door of doors) assert.ok(name + door.slice(1) in entries, `${name} exports ${door}, not in the table`);
    for (const target of targets) assert.ok(files.includes(target.replace('./', '')), `${name}: no ${target}`);
  }
});

packed('they install in a fresh folder, beside TensorFlow.js from the registry', () => {
  const locals = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  const tfjs = { '@tensorflow/tfjs': '4.22.0', '@tensorflow/tfjs-backend-wasm': '4.22.0' };
  const tools = { '@types/node': '^20.19.43', ...compilers };
  const manifest = { name: 'consumer', private: true, type: 'module', dependencies: { ...locals, ...tfjs, ...tools } };
  writeFileSync(join(consumer, 'package.json'), JSON.stringify(manifest));
  // The packages depend on each other by version; none is published yet, so each version is its tarball.
  const settings = { overrides: locals, allowBuilds: { 'core-js': false, 'msgpackr-extract': false } };
  writeFileSync(join(consumer, 'pnpm-workspace.yaml'), JSON.stringify(settings));
  const install = node(consumer, script('pnpm.mjs'), 'install', '--prefer-offline', '--no-frozen-lockfile');
  assert.is(install.status, 0, install.output);
});

packed('every public entry imports in plain Node, with its names', () => {
  const source = `
    const entries = ${JSON.stringify(entries)};
    const missing = [];
    for (const [entry, names] of Object.entries(entries)) {
      try {
        const module = await import(entry);
        for (const name of names) if (module[name] === undefined) missing.push(entry + ': ' + name);
      } catch (error) {
        missing.push(entry + ': ' + error);
      }
    }
    console.log('missing ' + JSON.stringify(missing));`;
  writeFileSync(join(consumer, 'entries.mjs'), source);
  const { status, output } = node(consumer, 'entries.mjs');
  assert.is(status, 0, output);
  const missing = /^missing (.*)$/m.exec(output)?.[1];
  assert.equal(JSON.parse(missing ?? 'null'), [], output);
});

for (const version of Object.keys(typescripts)) {
  packed(`their types hold in TypeScript ${version}, strict, with every library checked`, () => {
    writeConsumer(consumer, entries);
    const compiler = join('node_modules', `typescript-${version}`, 'lib/tsc.js');
    const { output } = node(consumer, compiler, '-p', '.', '--pretty', 'false');
    assert.equal(faultsIn(output), [], output);
    // TensorFlow.js's own, excepted by name: without it, nothing was checked.
    assert.match(output, 'tfjs-core/dist/hash_util.d.ts');
  });
}

packed('`vogjs --help` explains itself', () => {
  const bin = join(consumer, 'node_modules/.bin/vogjs');
  const { status, output } = run(consumer, bin, '--help');
  assert.is(status, 0, output);
  assert.match(output, /demo/);
});

packed('the plugins of examples/custom-metric, a package of its own, pass their tests against the tarballs', () => {
  cpSync(join(root, 'examples/custom-metric'), plugin, {
    recursive: true,
    filter: (path) => !/node_modules|dist/.test(path),
  });
  const overrides = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  writeFileSync(join(plugin, 'pnpm-workspace.yaml'), JSON.stringify({ overrides, allowBuilds: { 'core-js': false } }));
  const install = node(plugin, script('pnpm.mjs'), 'install', '--prefer-offline', '--no-frozen-lockfile');
  assert.is(install.status, 0, install.output);
  const { status, output } = node(plugin, script('pnpm.mjs'), 'test');
  assert.is(status, 0, output);
  assert.ok(/^(?:#|ℹ) pass 14$/m.test(output), output);
});

packed('the licence that is packed is the licence of the repository', () => {
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8');
  for (const [name, tarball] of Object.entries(tarballs)) {
    assert.is(run(folder, 'tar', '-xzOf', tarball, 'package/LICENSE').stdout, licence, name);
  }
});

packed.run();
