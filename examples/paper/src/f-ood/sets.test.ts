// Only with --all: it is of an experiment, and loads data and models for it
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@vogjs/example-shared';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPngFolder } from './png-folder.js';
import { probeOf } from './probe.js';
import { labelledRecords, OUT_SETS, readSets, scoredSet, spread } from './sets.js';

const test = suite('sets');
const PIXELS = 32 * 32;

let folder = '';
test.before(async () => void (folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'))));
test.after(() => rm(folder, { recursive: true }));

/** A picture whose every channel value differs from its neighbours'. */
const picture = (channels: 1 | 2 | 3 | 4, depth: 8 | 16 = 8) => {
  const values = Array.from({ length: PIXELS * channels }, (_, at) => (at * 37) % 256);
  const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values, (value) => value * 256 + 99);
  return { values, png: encode({ width: 32, height: 32, channels, depth, data }) };
};

const first = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

test('rows are spread evenly over a set, the first always, all of them where there are fewer', () => {
  assert.equal([...spread(10, 4)], [0, 2, 5, 7]);
  assert.equal([...spread(3, 10)], [0, 1, 2]);
  assert.is(new Set(spread(2158, 1000)).size, 1000);
});

test('PNG images of a folder and its subfolders, by name: colour, grey, alpha, 16 bits', async () => {
  const into = join(folder, 'pictures', 'deeper');
  await mkdir(into, { recursive: true });
  const [colour, grey, alpha, deep] = [picture(3), picture(1), picture(4), picture(3, 16)];
  await writeFile(join(folder, 'pictures', 'a.png'), colour.png);
  await writeFile(join(folder, 'pictures', 'b.PNG'), grey.png);
  await writeFile(join(into, 'c.png'), alpha.png);
  await writeFile(join(into, 'd.png'), deep.png);
  await writeFile(join(folder, 'pictures', 'readme.txt'), 'no image');
  const { files, pixels } = await readPngFolder(join(folder, 'pictures'), 'lsun', first);
  assert.equal(files, ['a.png', 'b.PNG', join('deeper', 'c.png'), join('deeper', 'd.png')]);
  const image = (i: number) => [...pixels.subarray(i * PIXELS * 3, (i + 1) * PIXELS * 3)];
  assert.equal(image(0), colour.values);
  assert.equal(
    image(1),
    grey.values.flatMap((value) => [value, value, value]),
  );
  assert.equal(
    image(2),
    alpha.values.filter((_, at) => at % 4 < 3),
  );
  assert.equal(image(3), deep.values);
});

test('folders without images, images of another size and files that are none are refused by name', async () => {
  const into = join(folder, 'wrong');
  await mkdir(into);
  const refused = async (text: RegExp, path = into) => {
    const error: unknown = await readPngFolder(path, 'isun', first).catch((cause: unknown) => cause);
    assert.instance(error, UsageError);
    assert.match((error as Error).message, text);
    assert.match((error as Error).message, /--isun/);
  };
  await refused(/no folder/, join(folder, 'nowhere'));
  await refused(/no \.png file/);
  const small = encode({ width: 16, height: 32, channels: 3, depth: 8, data: new Uint8Array(16 * 32 * 3) });
  await writeFile(join(into, 'small.png'), small);
  await refused(/'small.png' has 16 x 32/);
  await writeFile(join(into, 'small.png'), 'no picture');
  await refused(/'small.png' is no PNG/);
});

test('records of more than ten classes keep label and pixels', () => {
  const records = Uint8Array.from({ length: 2 * 3073 }, (_, at) => (at === 0 ? 199 : at === 3073 ? 11 : at % 251));
  const { labels, pixels } = labelledRecords(records);
  assert.equal([...labels], [199, 11]);
  // Pixel 5 of the second image: its red, green and blue planes.
  const red = 3073 + 1 + 5;
  const pixel = [...pixels.subarray(3072 + 15, 3072 + 18)];
  assert.equal(
    pixel,
    [0, 1024, 2048].map((plane) => (red + plane) % 251),
  );
});

test('a user’s own folders are read for every set, as many images as asked for, and the noise is made', async () => {
  const own = join(folder, 'own');
  await mkdir(own);
  for (const name of ['1.png', '2.png', '3.png']) await writeFile(join(own, name), picture(3).png);
  await writeFile(join(own, 'test_batch.bin'), new Uint8Array(3073 * 4).fill(7));
  await writeFile(join(own, 'test.bin'), new Uint8Array(3074 * 5).fill(9));
  const keys = OUT_SETS.filter(({ help }) => help !== null).map(({ key }) => [key, own] as const);
  const options = { test: 3, outExamples: 2, seed: 1, data: own, folders: Object.fromEntries(keys) };
  const { inside, outside, absent } = await readSets(options);
  assert.equal([inside.size, [...(inside.labels ?? [])]], [3, [7, 7, 7]]);
  assert.equal(
    outside.map(({ title, size }) => `${title} ${size}`),
    OUT_SETS.map(({ title }) => `${title} 2`),
  );
  assert.equal(absent, []);
  const gaussian = outside.find(({ key }) => key === 'gaussian')?.pixels;
  assert.ok(gaussian instanceof Float32Array && gaussian.every((value) => value >= 0 && value <= 1));
  assert.is((await readSets(options)).outside[1]?.hash, outside[1]?.hash, 'the seed decides the noise');
  const missing = { ...options, folders: { ...options.folders, cifar100: join(folder, 'nowhere') } };
  const error: unknown = await readSets(missing).catch((cause: unknown) => cause);
  assert.instance(error, UsageError);
  assert.match((error as Error).message, /test\.bin.*--cifar100/);
});

test('a probe gives every image once, scaled, wherever a stretch begins and ends', async () => {
  const bytes = Uint8Array.from({ length: 3 * 3072 }, (_, at) => (at * 7) % 256);
  const floats = Float32Array.from({ length: 2 * 3072 }, (_, at) => (at % 1000) / 1000);
  const sets = [scoredSet('in', 'in', bytes), scoredSet('out', 'out', floats)];
  const scaling = { mean: [0.1, 0.2, 0.3], std: [0.5, 1, 2] };
  const { inputs, starts } = probeOf(sets, scaling);
  assert.equal([inputs.size, starts], [5, { in: 0, out: 3 }]);
  const values = [...Array.from(bytes, (byte) => byte / 255), ...floats];
  const expected = values.map(
    (value, at) => (value - (scaling.mean[at % 3] as number)) / (scaling.std[at % 3] as number),
  );
  for (const [start, end] of [
    [0, 5],
    [2, 4],
    [3, 5],
    [1, 2],
  ] as const) {
    const read = (await inputs.read(start, end)) as Float32Array;
    assert.is(read.length, (end - start) * 3072);
    assert.ok(read.every((value, i) => Math.abs(value - (expected[start * 3072 + i] as number)) < 1e-6));
  }
});

test.run();
