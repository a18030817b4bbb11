import { seededRandom, VogError, type ErrorCode } from '@vogjs/base';
import { runSeed } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCsv } from '../tables/read-csv.js';
import type { Table } from '../tables/table.js';
import { encodeTable, tableEncoder } from './encode-table.js';

const test = suite('encodeTable');
const seed = runSeed();

const read = (text: string, options = {}): Promise<Table> => readCsv(new TextEncoder().encode(text), options);

function refused(run: () => unknown, code: ErrorCode, message: RegExp): void {
  let error: unknown;
  try {
    run();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof VogError && error.code === code && message.test(error.message), String(error));
}

const text =
  'id,age,colour,smokes,note,all,kind\n' +
  'a,10,red,yes,The cat sat on it,x,dog\n' +
  'b,20,blue,no,a CAT and a dog were here,x,cat\n' +
  'c,,red,yes,nothing to be seen of it,x,dog\n' +
  'd,30,,no,the end of the story it is,x,\n' +
  'e,40,green,no,one more for the cat here,x,cat\n';

test('numbers are scaled, what is missing is marked, small categories are one-hot, texts are words', async () => {
  const table = await read(text, { id: 'id' });
  const { encoder, data } = encodeTable(table, { target: 'kind', tokens: 3, vocabulary: 4 });
  assert.equal(data.denseNames, ['age', 'age is missing', 'smokes', 'colour=blue', 'colour=green', 'colour=red']);
  assert.equal([data.dense.shape, data.size], [[4, 6], 4]);
  assert.equal(
    [[...data.rows], data.ids],
    [
      [0, 1, 2, 4],
      ['a', 'b', 'c', 'e'],
    ],
  );
  assert.equal([[...(data.labels as Int32Array)], data.classNames, data.targets], [[1, 0, 1, 0], ['cat', 'dog'], null]);
  // Ages 10, 20, 30, 40: mean 25, population variance 125.
  const ages = [0, 1, 2, 3].map((i) => data.dense.data[i * 6] as number);
  const expected = [-15 / Math.sqrt(125), -5 / Math.sqrt(125), 0, 15 / Math.sqrt(125)];
  for (const [i, value] of ages.entries()) assert.ok(Math.abs(value - (expected[i] as number)) < 1e-6);
  assert.equal(
    [0, 1, 2, 3].map((i) => data.dense.data[i * 6 + 1]),
    [0, 0, 1, 0],
  );
  assert.equal(Array.from(data.dense.data.subarray(3, 6)), [0, 0, 1]);
  // "the" occurs 4 times, "cat" and "it" 3 times each, "a", "here" and "of" twice: the four most frequent.
  const [notes] = data.tokens;
  assert.equal([notes?.name, notes?.shape, notes?.vocabulary], ['note', [4, 3], 6]);
  const part = encoder.toJSON().parts.find(({ kind }) => kind === 'tokens');
  assert.equal(part?.kind === 'tokens' && part.vocabulary, ['the', 'cat', 'it', 'a']);
  assert.equal([...(notes?.data.slice(0, 3) ?? [])], [2, 3, 1]);
  assert.equal(
    data.notes.map(({ code }) => code),
    ['COLUMN_CONSTANT', 'ROWS_UNLABELLED', 'EXAMPLES_FEW'],
  );
});

test('an encoder that was kept as JSON makes the same of the same table, and knows what it has not seen', async () => {
  const table = await read(text, { id: 'id' });
  const { encoder, data } = encodeTable(table, { target: 'kind', oneHot: 2 });
  const kept = tableEncoder(JSON.parse(JSON.stringify(encoder)));
  const { notes: _, ...same } = data;
  const { notes: __, ...again } = kept.transform(table);
  assert.equal(again, same);
  assert.equal([data.categories[0]?.levels, [...(data.categories[0]?.data ?? [])]], [4, [3, 1, 3, 2]]);
  const strange = await read(text.replaceAll('red', 'pink'), { id: 'id' });
  assert.equal([...(kept.transform(strange).categories[0]?.data ?? [])], [0, 1, 0, 2]);
  const lacking = await read('age,kind\n1,cat\n');
  refused(() => kept.transform(lacking), 'COLUMN_UNKNOWN', /smokes/);
  const other = await read(text.replace('10', 'ten'), { id: 'id' });
  refused(() => kept.transform(other), 'TABLE_INVALID', /'age' is of type category.*was number/);
  const unseen = await read(text.replaceAll('cat', 'cow'), { id: 'id' });
  refused(() => kept.transform(unseen), 'LABEL_INVALID', /'cow'.*not among classNames: cat, dog/);
});

test('what is no whole encoder is refused when it is read, not when it is used', async () => {
  const { encoder } = encodeTable(await read(text, { id: 'id' }), { target: 'kind', oneHot: 2 });
  const whole = JSON.parse(JSON.stringify(encoder)) as { parts: object[]; target: object };
  assert.equal(tableEncoder(whole).toJSON(), encoder.toJSON());
  const lacking = (of: object, key: string): object =>
    Object.fromEntries(Object.entries(of).filter(([k]) => k !== key));
  const damaged = [
    null,
    { ...whole, version: 2 },
    { ...whole, parts: [{ kind: 'toString', column: 'age' }] },
    ...Object.keys(whole).map((key) => lacking(whole, key)),
    ...Object.keys(whole.target).map((key) => ({ ...whole, target: lacking(whole.target, key) })),
    ...whole.parts.flatMap((part) => Object.keys(part).map((key) => ({ ...whole, parts: [lacking(part, key)] }))),
  ];
  assert.is(new Set(whole.parts.map((part) => (part as { kind: string }).kind)).size, 3);
  for (const json of damaged) refused(() => tableEncoder(json), 'FORMAT_INVALID', /version 1/);
});

test('targets: few whole numbers and booleans are classes in their order, other numbers are scaled values', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${Math.sin(i)},${[10, 9, 2][i % 3]},${i % 2 === 0},${i / 7}`);
  const table = await read(`x,class,flag,value\n${rows.join('\n')}\n`);
  const classes = encodeTable(table, { target: 'class' }).data;
  assert.equal(
    [classes.classNames, Array.from(classes.labels?.subarray(0, 3) ?? [])],
    [
      ['2', '9', '10'],
      [2, 1, 0],
    ],
  );
  assert.equal(encodeTable(table, { target: 'flag' }).data.classNames, ['false', 'true']);
  const { labels, targets } = encodeTable(table, { target: 'value' }).data;
  assert.is(labels, null);
  const words = await read('x,class,flag,value\n1,2,true,much\n');
  refused(
    () => encodeTable(table, { target: 'value' }).encoder.transform(words),
    'TABLE_INVALID',
    /'value' is of type/,
  );
  const mean = (targets as Float32Array).reduce((sum, value) => sum + value, 0) / 30;
  const square = (targets as Float32Array).reduce((sum, value) => sum + value * value, 0) / 30;
  assert.ok(Math.abs(mean) < 1e-6 && Math.abs(square - 1) < 1e-5);
  assert.is(encodeTable(table, { target: 'class', task: 'regression' }).data.labels, null);
  assert.is(encodeTable(table).data.labels, null);
});

test('scaling of random columns is that of float64, and every row leads back to its id', async () => {
  const random = seededRandom(seed);
  const values = Array.from({ length: 200 }, () => 1e6 + random.normal());
  const table = await read(`n,x,y\n${values.map((value, i) => `r${i},${value},${i % 2}`).join('\n')}\n`, { id: 'n' });
  const { data } = encodeTable(table, { target: 'y' });
  const mean = values.reduce((sum, value) => sum + (value - 1e6), 0) / 200;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - 1e6 - mean) ** 2, 0) / 200);
  for (const [i, value] of values.entries()) {
    const expected = (value - 1e6 - mean) / deviation;
    assert.ok(Math.abs((data.dense.data[i] as number) - expected) < 1e-5, `SEED=${seed}, row ${i}`);
    assert.is(data.ids[i], `r${data.rows[i]}`);
  }
});

test('columns that say nothing are left out and told: one value, and row numbers', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i + 5},k${i},same,${i % 4},${i % 2 === 0 ? 'a' : 'b'}`);
  const table = await read(`row,key,one,x,y\n${rows.join('\n')}\n`);
  const { data } = encodeTable(table, { target: 'y' });
  assert.equal(data.denseNames, ['x']);
  assert.equal(
    data.notes.map(({ code }) => code),
    ['COLUMN_CONSTANT', 'COLUMN_IDENTIFIER'],
  );
  refused(
    () => encodeTable(table, { target: 'y', exclude: ['x'] }),
    'TABLE_INVALID',
    /no column but the target says anything/,
  );
});

test('targets that nothing can be learned of are refused, with what to do', async () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i % 7},w${i},same,`);
  const table = await read(`x,many,one,none\n${rows.join('\n')}\n`);
  refused(
    () => encodeTable(table, { target: 'many' }),
    'TARGET_INVALID',
    /5000 different values.*task: 'classification'/,
  );
  assert.is(encodeTable(table, { target: 'many', task: 'classification' }).data.classNames?.length, 5000);
  refused(() => encodeTable(table, { target: 'one' }), 'TARGET_INVALID', /in every row/);
  refused(() => encodeTable(table, { target: 'none' }), 'TARGET_INVALID', /"none" is empty/);
  refused(() => encodeTable(table, { target: 'many', task: 'regression' }), 'TARGET_INVALID', /words/);
  refused(() => encodeTable(table, { target: 'mnay' }), 'COLUMN_UNKNOWN', /x, many, one, none/);
  refused(() => encodeTable(table, { exclude: ['y'] }), 'COLUMN_UNKNOWN', /'y'|"y"/);
  refused(() => encodeTable({} as never), 'ARGUMENT_INVALID', /table/);
  const infinite = await read('x,y,z\n1,2.5,a\n2,4,b\n');
  // As Parquet has it: text that says so is not a number.
  (infinite.column('y').values as Float64Array)[1] = -Infinity;
  refused(() => encodeTable(infinite), 'TABLE_INVALID', /"y" is -Infinity in row 1.*exclude/);
  refused(() => encodeTable(infinite, { target: 'y', task: 'regression' }), 'TABLE_INVALID', /"y" is -Infinity/);
  assert.equal(encodeTable(infinite, { exclude: ['y'] }).data.denseNames, ['x', 'z=a', 'z=b']);
});

test.run();
