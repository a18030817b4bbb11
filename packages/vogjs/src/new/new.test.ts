// Only with --all: it compiles three packages, runs their tests and scores with one
// What `vogjs new` writes works as it lies there: it compiles, passes its tests, and is used from a configuration.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { writeNpy } from '@vogjs/formats';
import { openRun } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../command-line.test.helper.js';

const test = suite('vogjs new');
const root = fileURLToPath(new URL('../../../../', import.meta.url));
// Below test/, so that imports resolve as those of a project with the packages installed.
mkdirSync(join(root, 'test/.scratch'), { recursive: true });
const folder = mkdtempSync(join(root, 'test/.scratch/new-'));
const start = process.cwd();
test.before(() => process.chdir(folder));
test.after(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

for (const kind of ['metric', 'detector', 'monitor'] as const) {
  test(`a ${kind} compiles and passes its tests`, async () => {
    const { code, out, error } = await vogjs('new', kind, 'near-misses');
    assert.is(code, 0, error);
    const name = `vogjs-${kind}-near-misses`;
    assert.match(out, name);
    const cwd = join(folder, name);
    assert.equal(readdirSync(join(cwd, 'src')).sort(), ['index.ts', 'near-misses.test.ts', 'near-misses.ts']);
    // The packages of this workspace are their sources, which are compiled by options of their own.
    const compilerOptions = {
      noEmit: true,
      composite: false,
      declaration: false,
      declarationMap: false,
      types: ['node'],
    };
    const options = { ...compilerOptions, sourceMap: false, inlineSources: false };
    const extended = { extends: join(root, 'tsconfig.base.json'), compilerOptions: options, include: ['src'] };
    writeFileSync(join(cwd, 'tsconfig.check.json'), JSON.stringify(extended));
    const compiler = join(root, 'node_modules/typescript/lib/tsc.js');
    const compiled = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.check.json'], { cwd, encoding: 'utf8' });
    assert.is(compiled.status, 0, compiled.stdout);
    const loader = ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx')];
    const tested = spawnSync(process.execPath, [...loader, '--test', 'src/near-misses.test.ts'], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json') },
    });
    assert.is(tested.status, 0, tested.stdout + tested.stderr);
    assert.match(tested.stdout, /^(?:#|ℹ) fail 0$/m);
    assert.not.match(tested.stdout, /^(?:#|ℹ) pass 0$/m);
  });
}

test('a metric is used from vogjs.config.ts at once, and its column is in the run', async () => {
  const data = Float32Array.from({ length: 2 * 12 * 3 }, (_, i) => Math.sin(i * 1.7) * 2);
  writeFileSync('logits.npy', writeNpy({ data, shape: [2, 12, 3] }));
  writeFileSync(
    'labels.csv',
    `id,label\n${Array.from({ length: 12 }, (_, i) => `e${i},${'abc'[i % 3]}`).join('\n')}\n`,
  );
  writeFileSync(
    'vogjs.config.ts',
    `import { defineRun } from 'vogjs';
export default defineRun({
  logits: 'logits.npy', labels: 'labels.csv', backend: 'cpu', out: 'run',
  plugins: ['vogjs-metric-near-misses/src/index.ts'], metrics: ['near-misses', 'mean-loss'],
});\n`,
  );
  const { code, error } = await vogjs('score');
  assert.is(code, 0, error);
  const table = await (await openRun('run')).scores();
  assert.equal(
    table.columns.map(({ name }) => name).filter((name) => /near|loss/.test(name)),
    ['near-misses', 'mean-loss'],
  );
  const values = await table.values('near-misses');
  for (const value of values) assert.ok([0, 0.5, 1].includes(Number(value)), String(value));
});

test('a plugin without a metric, with a name that is taken, or not there is refused', async () => {
  const refused = async (path: string): Promise<string> => {
    const { code, error } = await vogjs('score', '--plugins', path, '--out', 'other');
    assert.is(code, 1, error);
    return error;
  };
  assert.match(await refused('vogjs-detector-near-misses/src/index.ts'), /exports no metric.*vogjs new metric/s);
  assert.match(await refused('nowhere.ts'), /There is no file .*nowhere.ts/);
  await vogjs('new', 'metric', 'mean-loss');
  assert.match(await refused('vogjs-metric-mean-loss/src/index.ts'), /'mean-loss'.* has a name that VoG.js has/);
  writeFileSync('throws.ts', 'throw new Error("of its own");\n');
  assert.match(await refused('throws.ts'), /cannot be loaded: of its own/);
});

test('a name that is none, a kind that is none, and a folder that is not empty are refused, and nothing is written', async () => {
  const before = readdirSync('.').sort();
  for (const name of ['Near', 'near_misses', '-x', 'x-', '1st', '../x', 'class', 'x'.repeat(41)]) {
    const { code, error } = await vogjs('new', 'metric', name);
    assert.is(code, 2, name);
    assert.match(error, /not a name for a plugin|word of JavaScript|There is no option/, name);
  }
  assert.match((await vogjs('new', 'callback', 'x')).error, /metric.*detector.*monitor/s);
  const again = await vogjs('new', 'metric', 'near-misses');
  assert.is(again.code, 2);
  assert.match(again.error, /is there already, and is not empty/);
  assert.equal(readdirSync('.').sort(), before);
});

test.run();
