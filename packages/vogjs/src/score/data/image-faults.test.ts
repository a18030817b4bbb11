// Only with --all: it scores a folder of pictures with a small training
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { selectBackend } from '@vogjs/core/node';
import type { Issue } from '@vogjs/run';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SCORE_OPTIONS } from '../config/options.js';
import { beginRun } from '../follow/run-place.js';
import { finishRun } from '../outcome/finish.js';
import { prepare } from '../prepare.js';

const test = suite('bad pictures and twins in a folder');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-faults-'));
/** The same in every run: how sharp is asked beside the others, and of some draws one more is less so than of most. */
const random = seededRandom(1);
test.before(async () => {
  await selectBackend('wasm');
});
test.after(() => rmSync(folder, { recursive: true }));

const SIDE = 24;

/** Colours of noise: no two such pictures resemble each other. */
function noise(width = SIDE, height = SIDE): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, () => 20 + random.integer(215));
}

/** Two broad waves of brightness in a place of their own: nothing in it is fine. */
function smooth(): Uint8Array {
  const [right, down] = [random.uniform(), random.uniform()];
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % SIDE, Math.floor(at / 3 / SIDE)];
    return 128 + 100 * Math.sin((2 * Math.PI * x) / SIDE + right) * Math.cos((2 * Math.PI * y) / SIDE + down);
  });
}

function put(name: string, data: Uint8Array, width = SIDE, height = SIDE): void {
  writeFileSync(join(folder, 'photos', name), encode({ width, height, channels: 3, data }));
}

test("planted faults and twins are found at the pictures' own size, and their sizes stay in the run", async () => {
  for (const name of ['ant', 'bee']) mkdirSync(join(folder, 'photos', name), { recursive: true });
  for (let at = 0; at < 40; at++) put(`${at % 2 === 0 ? 'ant' : 'bee'}/${100 + at}.png`, noise());
  const twin = noise();
  put('ant/twin.png', twin);
  put('bee/twin.png', twin);
  put(
    'bee/near.png',
    twin.map((value) => Math.min(255, value + 6)),
  );
  put(
    'ant/dark.png',
    noise().map((value) => value / 8),
  );
  put(
    'ant/bright.png',
    noise().map((value) => 246 + value / 32),
  );
  put('ant/blank.png', new Uint8Array(SIDE * SIDE * 3).fill(128));
  put('bee/blurred.png', smooth());
  put('bee/large.png', noise(4 * SIDE, 4 * SIDE), 4 * SIDE, 4 * SIDE);
  put('bee/wide.png', noise(3 * SIDE, SIDE), 3 * SIDE, SIDE);

  const data = join(folder, 'photos');
  const config = SCORE_OPTIONS.resolve({ data, imageSize: 8, epochs: 1, metrics: ['mean-loss'] });
  const { dataset, follow } = await prepare(config);
  const place = join(folder, 'run');
  const writer = await beginRun({ folder: place, before: null }, { examples: dataset.size });
  const run = await finishRun(dataset, await follow(writer, place, null, () => {}), writer, place);

  const { issues } = await run.issues();
  const found = issues.filter(({ flagged }) => flagged);
  const faultsOf = (id: string): string[] =>
    found.filter((issue: Issue) => issue.kind === 'image' && issue.id === id).map(({ detail = '' }) => detail);
  assert.ok(faultsOf('ant/dark.png').includes('dark'));
  assert.ok(faultsOf('ant/bright.png').includes('bright'));
  assert.ok(faultsOf('ant/blank.png').includes('blank'));
  assert.ok(faultsOf('bee/blurred.png').includes('blurred'));
  assert.equal(faultsOf('bee/large.png'), ['odd size']);
  assert.ok(faultsOf('bee/wide.png').includes('odd aspect'));
  const accused = found.filter(({ kind, id }) => kind === 'image' && /\d\.png$/.test(String(id)));
  // How sharp is asked beside the others, and of forty pictures of noise one may be less so by chance.
  assert.ok(accused.length <= 2 && accused.every(({ detail }) => detail === 'blurred'), JSON.stringify(accused));
  const twins = found.filter(({ kind }) => kind === 'duplicate').map(({ id }) => id);
  assert.equal(
    twins.map(String).toSorted((a, b) => a.localeCompare(b)),
    ['ant/twin.png', 'bee/near.png', 'bee/twin.png'],
  );
  const table = await run.scores();
  const [ids, width, height] = await Promise.all([table.ids(), table.meta('width'), table.meta('height')]);
  const large = ids.indexOf('bee/large.png');
  const wide = ids.indexOf('bee/wide.png');
  assert.equal([width[large], height[large], width[wide], height[wide]], [96, 96, 72, 24]);
});

test.run();
