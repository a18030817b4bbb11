import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { VogError, type ErrorCode } from '@vogjs/base';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ImageFolder, readImageFolder } from './read-image-folder.js';

const test = suite('readImageFolder');
const root = await mkdtemp(join(tmpdir(), 'vogjs-folder-'));
test.after(() => rm(root, { recursive: true }));
let made = 0;

/** A PNG of one colour. */
function png(value: number, width = 4, height = 4): Uint8Array {
  return encode({ width, height, channels: 3, data: new Uint8Array(width * height * 3).fill(value) });
}

/** A folder of its own, with these files in it. */
async function folderOf(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  const folder = join(root, String(made++));
  await mkdir(folder);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

async function refused(run: () => Promise<unknown>, code: ErrorCode, message: RegExp): Promise<void> {
  const error = await run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof VogError && error.code === code && message.test(error.message), String(error));
}

const codesOf = ({ notes }: ImageFolder): string[] => notes.map(({ code }) => code);

test('a folder a class: ids are paths in order, classes sorted, hidden files passed over, values in the range', async () => {
  const folder = await folderOf({
    'dog/b.png': png(255),
    'dog/deep/a.PNG': png(51),
    'cat/z.png': png(0),
    'cat/.hidden.png': png(1),
    '.git/x.png': png(1),
    '__MACOSX/cat/z.png': 'no picture',
    'readme.txt': 'hello',
    // What an earlier `vogjs score .` left. A picture of one's own in a file's company of that name stays.
    'runs/run/run.json': '{\n "format": "vogjs-run"\n}',
    'runs/run/thumbs/0.png': png(7, 9, 9),
  });
  const read = await readImageFolder(`${folder}/`, { range: [-1, 1] });
  assert.equal(read.ids, ['cat/z.png', 'dog/b.png', 'dog/deep/a.PNG']);
  assert.equal(
    read.paths,
    read.ids.map((id) => `${folder}/${id}`),
  );
  assert.equal([...(read.labels as Int32Array)], [0, 1, 1]);
  assert.equal([read.classNames, read.size, read.shape], [['cat', 'dog'], 3, [4, 4, 3]]);
  const values = await read.read(0, 3);
  assert.is(values.length, 3 * 48);
  assert.equal([values[0], values[48], values[96]], [-1, 1, Math.fround(-1 + (51 * 2) / 255)]);
  assert.equal([...new Set(await read.pixels(1, 2))], [255]);
  assert.equal(codesOf(read), ['FILES_OTHER', 'EXAMPLES_FEW', 'CLASS_SINGLE']);
});

test('what is not held is decoded anew: the same pictures, and a file that changed since is refused by name', async () => {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 40; i++) files[`${i % 2 === 0 ? 'a' : 'b'}/${String(i).padStart(2, '0')}.png`] = png(i * 5, 6, 4);
  const folder = await folderOf(files);
  const held = await readImageFolder(folder, { size: [3, 5], channels: 1, fit: 'contain', background: [0, 0, 0] });
  const lazy = await readImageFolder(folder, {
    size: [3, 5],
    channels: 1,
    fit: 'contain',
    background: [0, 0, 0],
    memory: 0,
  });
  assert.equal(await lazy.read(0, 40), await held.read(0, 40));
  assert.equal(await lazy.read(17, 39), (await held.read(0, 40)).slice(17 * 15, 39 * 15));
  await writeFile(join(folder, 'a/00.png'), 'gone bad');
  await refused(() => lazy.read(0, 1), 'FORMAT_UNSUPPORTED', /a\/00\.png' has changed/);
  assert.is((await held.read(0, 1)).length, 15);
});

test('broken pictures are left out and named with the reason; above the limit nothing is read', async () => {
  const whole = png(9, 30, 30);
  const folder = await folderOf({
    'a/1.png': png(1),
    'a/2.png': png(2),
    'a/cut.png': whole.subarray(0, whole.length - 20),
    'a/text.jpg': 'hello',
    'b/3.png': png(3),
    'b/scan.tiff': 'II*',
  });
  const read = await readImageFolder(folder);
  assert.equal(read.ids, ['a/1.png', 'a/2.png', 'b/3.png']);
  assert.equal(
    read.broken.map(({ id, code }) => [id, code]),
    [
      ['a/cut.png', 'IMAGE_BROKEN'],
      ['a/text.jpg', 'FORMAT_UNSUPPORTED'],
      ['b/scan.tiff', 'FORMAT_UNSUPPORTED'],
    ],
  );
  assert.ok(read.broken.every(({ reason }) => reason.length > 20));
  assert.ok(codesOf(read).includes('IMAGES_BROKEN'));
  await refused(() => readImageFolder(folder, { brokenLimit: 0.4 }), 'IMAGE_BROKEN', /3 of 6.*cut\.png.*brokenLimit/);
  const none = await folderOf({ 'a/1.png': 'x', 'b/2.png': 'y' });
  await refused(() => readImageFolder(none, { brokenLimit: 1 }), 'IMAGE_BROKEN', /2 of 2/);
});

test('labels of a table: matched by id, what has no partner is told both ways, and left out', async () => {
  const folder = await folderOf({ '1.png': png(1), '2.png': png(2), 'sub/é.png': png(3) });
  const table = join(folder, 'labels.csv');
  await writeFile(table, '\ufeffid;label\r\n./1.png;"cat; the first"\r\nsub\\e\u0301.png;dog\r\ngone.png;dog\r\n');
  const read = await readImageFolder(folder, { labels: table });
  assert.equal(read.ids, ['1.png', 'sub/é.png']);
  assert.equal(
    [[...(read.labels as Int32Array)], read.classNames],
    [
      [0, 1],
      ['cat; the first', 'dog'],
    ],
  );
  assert.equal([read.unlabelled, read.unmatched], [['2.png'], ['gone.png']]);
  await writeFile(table, '{"id":"1.png","label":1}\n{"id":"2.png","label":0}\n');
  const lines = await readImageFolder(folder, { labels: table });
  assert.equal(
    [[...(lines.labels as Int32Array)], lines.classNames],
    [
      [1, 0],
      ['0', '1'],
    ],
  );
  await writeFile(table, 'id,label\n1,a\n2,b\n');
  await refused(
    () => readImageFolder(folder, { labels: table }),
    'LABELS_UNMATCHED',
    /ids are like 1, 2; expected ids like 1\.png/,
  );
  await writeFile(table, 'id,label\n1.png,a\n2.png,b\n./1.png,b\n');
  await refused(() => readImageFolder(folder, { labels: table }), 'IDS_DUPLICATE', /rows 2 and 4/);
  await writeFile(table, '{"id":"1.png","label":1}\n{"id":"./1.png","label":0}\n');
  await refused(() => readImageFolder(folder, { labels: table }), 'IDS_DUPLICATE', /rows 1 and 2/);
  await writeFile(table, 'file,class\n1.png,a\n');
  await refused(() => readImageFolder(folder, { labels: table }), 'COLUMN_UNKNOWN', /file, class/);
  const bare = await readImageFolder(folder, { labels: 'none' });
  assert.equal([bare.size, bare.labels, bare.classNames], [3, null, null]);
});

test('class names that are digits are in the order of their values, and given names are kept to', async () => {
  const folder = await folderOf({ '10/a.png': png(1), '9/b.png': png(2), '2/c.png': png(2) });
  assert.equal((await readImageFolder(folder)).classNames, ['2', '9', '10']);
  const read = await readImageFolder(folder, { classNames: ['10', '9', '2', 'x'] });
  assert.equal([...(read.labels as Int32Array)], [0, 2, 1]);
  await refused(
    () => readImageFolder(folder, { classNames: ['10', '9'] }),
    'LABEL_INVALID',
    /'2'.*not among classNames/,
  );
});

test('links are not followed unless told, and never in circles; nothing in the folder is written', async () => {
  const outside = await folderOf({ 'far.png': png(7) });
  const folder = await folderOf({ 'a/1.png': png(1), 'b/2.png': png(2) });
  await symlink(join(outside, 'far.png'), join(folder, 'a/link.png'));
  await symlink(folder, join(folder, 'b/round'));
  await symlink(outside, join(folder, 'c'));
  await symlink(join(outside, 'nowhere.png'), join(folder, 'b/broken.png'));
  const read = await readImageFolder(folder);
  assert.equal(
    [read.ids, read.links],
    [
      ['a/1.png', 'b/2.png'],
      ['a/link.png', 'b/broken.png', 'b/round', 'c'],
    ],
  );
  const followed = await readImageFolder(folder, { followLinks: true });
  assert.equal(followed.ids, ['a/1.png', 'a/link.png', 'b/2.png', 'c/far.png']);
  assert.equal(followed.links, ['b/broken.png', 'b/round']);
  assert.equal((await readdir(folder)).toSorted(), ['a', 'b', 'c']);
});

test('folders that cannot be what is meant are refused by code, with what to do', async () => {
  await refused(() => readImageFolder(join(root, 'nowhere')), 'FILE_FAILED', /Check the path/);
  const empty = await folderOf({ 'notes.txt': 'x' });
  await refused(() => readImageFolder(empty), 'FOLDER_EMPTY', /What it has: notes\.txt\. Check the path/);
  const flat = await folderOf({ '1.png': png(1) });
  await refused(() => readImageFolder(flat), 'FOLDER_LAYOUT', /one folder a class.*labels: 'none'/);
  const split = await folderOf({ 'train/a/1.png': png(1), 'test/a/2.png': png(2) });
  await refused(() => readImageFolder(split), 'FOLDER_LAYOUT', /test, train.*parts of a data set/);
  const sizes = await folderOf({ 'a/1.png': png(1), 'b/2.png': png(2, 5, 6) });
  await refused(() => readImageFolder(sizes), 'IMAGE_SIZES', /4 x 4.*5 x 6.*size: 64/);
  assert.equal((await readImageFolder(sizes, { size: 8 })).shape, [8, 8, 3]);
  const one = await folderOf({ 'a/1.png': png(1), 'a/2.png': png(2), 'loose.png': png(3) });
  const read = await readImageFolder(one);
  assert.equal(
    [codesOf(read), read.unlabelled],
    [['FILES_UNLABELLED', 'EXAMPLES_FEW', 'CLASSES_TOO_FEW'], ['loose.png']],
  );
  await refused(() => readImageFolder(one, { sise: 4 } as never), 'ARGUMENT_INVALID', /sise/);
});

test('onPicture is given every picture that is an example once, as it is in its file', async () => {
  const grey = encode({ width: 3, height: 5, channels: 1, data: new Uint8Array(15).fill(7) });
  const files = { 'a/1.png': png(9, 6, 4), 'a/2.png': grey, 'b/broken.png': 'no picture', 'b/3.png': png(1) };
  const told = new Map<string, number[]>();
  await readImageFolder(await folderOf(files), {
    size: 2,
    onPicture: (id, { width, height, channels, data }) =>
      void told.set(id, [width, height, channels, data.length, data[0] as number]),
  });
  assert.equal(
    [...told].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    [
      ['a/1.png', [6, 4, 3, 72, 9]],
      ['a/2.png', [3, 5, 1, 15, 7]],
      ['b/3.png', [4, 4, 3, 48, 1]],
    ],
  );
});

test('progress is told to the end', async () => {
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`a/${i}.png`, png(i)]));
  const told: number[][] = [];
  await readImageFolder(await folderOf(files), { onProgress: (done, total) => told.push([done, total]) });
  assert.equal(told, [
    [16, 20],
    [20, 20],
  ]);
});

test.run();
