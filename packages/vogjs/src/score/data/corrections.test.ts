import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { correctDataset } from './corrections.js';
import type { Dataset } from './dataset.js';

const test = suite('corrections of data');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-corrections-'));
test.after(() => rmSync(folder, { recursive: true }));

const N = 6;
const path = join(folder, 'corrections.csv');
/** Row `r` of two inputs: `[r, r + 0.5]` and `[-r]`; its picture is one pixel of `10 r`. */
const dataset: Dataset = {
  kind: 'images',
  source: 'photos',
  fingerprint: 'f',
  size: N,
  ids: ['a', 'b', 'c', 'd', 'e', 'f'],
  paths: ['a.png', 'b.png', 'c.png', 'd.png', 'e.png', 'f.png'],
  labels: Int32Array.of(0, 1, 0, 1, 0, 1),
  classNames: ['cat', 'dog'],
  inputs: {
    size: N,
    shape: [[2], [1]],
    read: (start, end) => {
      const rows = Array.from({ length: end - start }, (_, at) => start + at);
      return [Float32Array.from(rows.flatMap((row) => [row, row + 0.5])), Float32Array.from(rows, (row) => -row)];
    },
  },
  levels: [null, null],
  thumbs: {
    width: 1,
    height: 1,
    channels: 1,
    count: N,
    read: (start, end) => Uint8Array.from({ length: end - start }, (_, at) => 10 * (start + at)),
  },
  meta: { size: [0, 1, 2, 3, 4, 5] },
  notes: ['before'],
};

test('relabelled rows have their new label, excluded ones are gone from inputs, pictures and columns alike', async () => {
  writeFileSync(path, 'id,given,corrected,decision,when\na,cat,dog,relabel,\nb,dog,dog,exclude,\ne,cat,cat,confirm,\n');
  const { size, ids, labels, inputs, thumbs, paths, meta, notes, fingerprint } = await correctDataset(dataset, path);
  assert.equal([size, ids, [...labels!]], [5, ['a', 'c', 'd', 'e', 'f'], [1, 0, 1, 0, 1]]);
  assert.equal(paths, ['a.png', 'c.png', 'd.png', 'e.png', 'f.png']);
  assert.equal(meta, { size: [0, 2, 3, 4, 5] });
  const [first, second] = (await inputs.read(0, 3)) as Float32Array[];
  assert.equal([...first!], [0, 0.5, 2, 2.5, 3, 3.5]);
  assert.equal([...second!], [-0, -2, -3]);
  assert.equal([...((await inputs.read(4, 5)) as Float32Array[])[0]!], [5, 5.5]);
  assert.equal([...(await thumbs!.read(0, 5))], [0, 20, 30, 40, 50]);
  assert.is(thumbs!.count, 5);
  assert.match(notes.at(-1) ?? '', /1 labels corrected, 1 examples left out/);
  assert.is.not(fingerprint, dataset.fingerprint);
});

test('corrections of other data, or of none, are refused', async () => {
  const code = async (data: Dataset, file: string): Promise<string> => {
    const error = await correctDataset(data, file).catch((thrown: unknown) => thrown);
    assert.instance(error, VogError);
    return (error as VogError).code;
  };
  writeFileSync(path, 'id,given,corrected,decision,when\nz,cat,dog,relabel,\n');
  assert.is(await code(dataset, path), 'IDS_UNKNOWN');
  assert.is(await code({ ...dataset, labels: undefined }, path), 'LABELS_UNREADABLE');
  assert.is(await code(dataset, join(folder, 'none.csv')), 'FILE_FAILED');
});

test.run();
