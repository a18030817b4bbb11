// The oracle is pyarrow: pyarrow.golden.json holds files that it wrote.
import { readFileSync } from 'node:fs';
import { VogError, type ErrorCode } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readImageParquet } from './read-image-parquet.js';
import { readParquet } from './read-parquet.js';

const golden = JSON.parse(readFileSync(new URL('pyarrow.golden.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;
const fileOf = (name: string): Uint8Array => Uint8Array.from(Buffer.from(golden[name] as string, 'base64'));
const test = suite('Parquet');

async function refused(run: Promise<unknown>, code: ErrorCode, message: RegExp): Promise<void> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof VogError && error.code === code && message.test(error.message), String(error));
}

test('a table of every kind of column is read, in every compression', async () => {
  for (const compression of ['snappy', 'zstd', 'gzip', 'brotli', 'none']) {
    const table = await readParquet(fileOf(compression));
    const found = Object.fromEntries(table.columns.map(({ name, type, values }) => [name, [type, [...values]]]));
    assert.equal(found, {
      n: ['number', [1.5, Number.NaN, -3]],
      i: ['number', [1, 2, 3]],
      big: ['category', ['1152921504606846976', '1152921504606846977', null]],
      flag: ['boolean', [1, Number.NaN, 0]],
      day: ['date', [Date.UTC(2024, 1, 29), Number.NaN, Date.UTC(1969, 11, 31)]],
      at: ['date', [0, 1, 2].map(() => Date.UTC(2024, 0, 1, 12, 30))],
      word: ['category', ['a', 'ü', null]],
      dict: ['category', ['x', 'y', 'x']],
    });
    assert.equal(
      table.notes.map(({ code }) => code),
      ['COLUMN_NESTED'],
    );
  }
  const some = await readParquet(fileOf('zstd'), { id: 'i', columns: ['n'] });
  assert.equal([some.ids, some.columns.map(({ name }) => name)], [['1', '2', '3'], ['n']]);
  await refused(readParquet(fileOf('none'), { id: 'dict' }), 'IDS_DUPLICATE', /rows 0 and 2/);
  await refused(readParquet(fileOf('none'), { columns: ['m'] }), 'COLUMN_UNKNOWN', /"m"|'m'/);
});

test('pictures as datasets keeps them: names of classes from the file, broken and unlabelled rows told', async () => {
  for (const memory of [0, 2 ** 20]) {
    const read = await readImageParquet(fileOf('pictures'), { range: [0, 255], channels: 1, memory });
    assert.equal(
      read.ids,
      [0, 1, 2, 3, 5, 6, 7, 8, 9].map((i) => `p${i}.png`),
    );
    assert.equal(
      [read.classNames, [...(read.labels as Int32Array)]],
      [
        ['cat', 'dog'],
        [0, 1, 0, 1, 1, 0, 1, 0, 1],
      ],
    );
    assert.equal([read.unlabelled, read.broken.map(({ id }) => id)], [['p10.png'], ['p4.png']]);
    const values = await read.read(2, 9);
    assert.equal(
      Array.from({ length: 7 }, (_, i) => values[i * 16]),
      [40, 60, 100, 120, 140, 160, 180],
    );
  }
  const twice = await readImageParquet([fileOf('pictures'), fileOf('pictures')]);
  assert.equal([twice.size, twice.ids.at(-1)], [18, '20']);
});

test('pictures that are bare bytes, under other names; a row without one is broken', async () => {
  const read = await readImageParquet(fileOf('bare'), { image: 'img', label: 'kind' });
  assert.equal(
    [read.ids, read.classNames, [...(read.labels as Int32Array)]],
    [
      ['0', '1'],
      ['a', 'b'],
      [1, 0],
    ],
  );
  assert.match(read.broken[0]?.reason ?? '', /no bytes of a picture/);
  assert.is((await readImageParquet(fileOf('bare'), { image: 'img' })).labels, null);
  await refused(readImageParquet(fileOf('bare')), 'COLUMN_UNKNOWN', /image.*img, kind/);
});

test('a group that says it has other numbers of rows than it has is refused, and nothing is filled up', async () => {
  const whole = fileOf('none');
  let refusals = 0;
  for (let at = 4; at < whole.length - 8; at++) {
    // 3 as Thrift writes it: one of these is the number of rows of the only group.
    if (whole[at] !== 6) continue;
    const file = Uint8Array.from(whole);
    file[at] = 12;
    const sizes = await readParquet(file).then(
      ({ size, ids, columns }) => [size, ids.length, ...columns.map(({ values }) => values.length)],
      (error: unknown) => {
        assert.ok(error instanceof VogError && error.code === 'FORMAT_INVALID', String(error));
        if (/has 3 of 6 rows/.test(error.message)) refusals++;
        return [];
      },
    );
    assert.ok(new Set(sizes).size <= 1, `byte ${at}: ${sizes.join(', ')}`);
  }
  assert.is(refusals, 1);
});

test('every shard must have the columns', async () => {
  const [some, other] = [fileOf('pictures'), fileOf('bare')];
  await refused(readImageParquet([some, other]), 'COLUMN_UNKNOWN', /image.*img, kind/);
});

test('what is no Parquet file, or was cut short, is FORMAT_INVALID', async () => {
  const whole = fileOf('snappy');
  for (const file of [
    new Uint8Array(0),
    Uint8Array.of(1, 2, 3),
    whole.subarray(0, whole.length - 9),
    whole.subarray(50),
  ]) {
    await refused(readParquet(file), 'FORMAT_INVALID', /cannot be read as Parquet.*again/);
  }
  await refused(readParquet('/nowhere.parquet'), 'FILE_FAILED', /Check the path/);
});

test.run();
