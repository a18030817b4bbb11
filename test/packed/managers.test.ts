// What the README says, done in fresh folders with every package manager, and on every Node that is promised. The packages
// come from a registry on this machine, as if they were published.
// Only with --all: it installs package managers and every package seven times
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cachesIn, managers } from './managers.js';
import { type Registry, serveRegistry } from './registry.js';
import { packedInto, root } from './tarballs.js';
import { type Ended, install, removeLater, run, type Tool } from './tools.js';

const scratch = mkdtempSync(join(tmpdir(), 'vogjs-managers-'));
const folderOf = (name: string): string => join(scratch, name.replace(/\W+/g, '-'));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const names = /^npm install (vogjs .+)$/m.exec(readme)?.[1]?.split(' ') ?? [];
const program = /^```js\n([^]*?)^```$/m.exec(readme)?.[1] ?? '';

const test = suite('the README, as a stranger');
let local: Registry | undefined;
test.before(async () => {
  local = await serveRegistry(await packedInto(join(scratch, 'tarballs')));
});
test.after(async () => {
  await local?.close();
  removeLater(scratch);
});

/** What npm brings; what it does not is told, and its claims are counted as skipped. */
async function claim(title: string, tool: { spec: string; program: string } | undefined, body: Body): Promise<void> {
  const got: Tool =
    tool === undefined ? { path: '' } : await install(folderOf(`tool ${tool.spec}`), tool.spec, tool.program);
  if ('path' in got) {
    test(title, () => body(got.path));
  } else {
    console.log(`skipped: ${title}: ${got.missing}`);
    test.skip(title);
  }
}
type Body = (path: string) => Promise<void>;

/** The README's program ran on WASM, where it was not told to, and printed its table of twenty. */
function assertFirstRun({ code, stdout, output }: Ended): void {
  assert.is(code, 0, output);
  assert.match(stdout, /^backend wasm$/m);
  assert.match(output, /^VoG\.js: .*now runs on WASM/m);
  assert.is(stdout.match(/^│ +\d+ +│/gm)?.length, 20, output);
}

test('the README has an install line and a program', () => {
  assert.ok(names.length > 2 && program.includes('trackDifficulty'));
});

for (const [name, { tool, add, start = () => [process.execPath], files }] of Object.entries(managers)) {
  await claim(`${name} installs what the README names, and its first program runs`, tool, async (path) => {
    assert.ok(local);
    const folder = folderOf(name);
    mkdirSync(folder);
    const settings = {
      'package.json': JSON.stringify({ name: 'first', private: true, type: 'module' }),
      '.npmrc': local.npmrc,
      'first.js': `${program}\nconsole.log('backend', tf.getBackend());\n`,
      ...files?.(local.url),
    };
    for (const [file, text] of Object.entries(settings)) writeFileSync(join(folder, file), text);
    const environment = cachesIn(join(scratch, 'caches'));
    const added = await run(folder, [...add(path), ...names], environment);
    assert.is(added.code, 0, added.output);
    assertFirstRun(await run(folder, [...start(path), 'first.js'], environment));
  });
}

for (const version of ['20', '22', '24']) {
  const tool = { spec: `node-${process.platform}-${process.arch}@${version}`, program: 'node' };
  await claim(`the README's first program runs on Node ${version}`, tool, async (path) => {
    const { stdout } = await run(scratch, [path, '--version']);
    assert.match(stdout, new RegExp(`^v${version}\\.`));
    assertFirstRun(await run(folderOf('npm'), [path, 'first.js']));
  });
}

/** Every file below a folder. */
const listing = (path: string): string[] => readdirSync(path, { recursive: true }).map(String).toSorted();

test('`npx vogjs score ./photos` scores a folder of pictures there, and says what to do next', async () => {
  const folder = folderOf('npm');
  const picture = `
    import { mkdirSync, writeFileSync } from 'node:fs';
    import { encode } from 'fast-png';
    import { fashionMnist } from 'vogjs/fashion-mnist';
    const { inputs, labels } = await fashionMnist(1000);
    const pixels = await inputs.data();
    const seen = { 0: 0, 8: 0 };
    for (const [row, label] of labels.entries()) {
      if (!(label in seen) || seen[label]++ >= 40) continue;
      // Four bags lie among the shirts.
      const folder = 'photos/' + (label === 8 && seen[8] > 4 ? 'bags' : 'shirts');
      mkdirSync(folder, { recursive: true });
      const data = Uint8Array.from(pixels.subarray(row * 784, (row + 1) * 784), (value) => Math.round(255 * value));
      writeFileSync(folder + '/' + row + '.png', encode({ width: 28, height: 28, channels: 1, data }));
    }`;
  writeFileSync(join(folder, 'photos.js'), picture);
  const made = await run(folder, [process.execPath, 'photos.js']);
  assert.is(made.code, 0, made.output);
  const before = listing(join(folder, 'photos'));
  const { code, stdout, output } = await run(folder, ['npx', '--no', 'vogjs', 'score', './photos', '--epochs', '4']);
  assert.is(code, 0, output);
  assert.match(stdout, /labels? .*probably wrong/);
  assert.match(stdout, /vogjs explore runs\/photos/);
  assert.equal(listing(join(folder, 'photos')), before, 'nothing of the data is moved');
});

test.run();
