import { readFile } from 'node:fs/promises';
import { VogError, type ErrorCode } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sharedData, testOnSharedData } from '../shared-data.test.helper.js';
import { type CsvOptions, readCsv } from './read-csv.js';
import type { Table } from './table.js';

const test = suite('readCsv');

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, options?: CsvOptions): Promise<Table> => readCsv(bytes(text), options);
const typesOf = ({ columns }: Table): Record<string, string> =>
  Object.fromEntries(columns.map(({ name, type }) => [name, type]));
const valuesOf = (table: Table, name: string): unknown[] => [...table.column(name).values];

async function refused(run: Promise<unknown>, code: ErrorCode, message: RegExp): Promise<void> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof VogError && error.code === code && message.test(error.message), String(error));
}

test('types are told from values: numbers, dates, booleans, categories and texts, with what is missing', async () => {
  const table = await read(
    'n,date,flag,word,text,code,big,day\n' +
      '1,2024-02-29,true,red,the first sentence is here,007,9007199254740993,31.12.2023\n' +
      '-2.5e3,2024-03-01T12:30:00+02:00,No,blue,"a second, with ""quotes""\nand a line end",012,9007199254740995,1.1.2024\n' +
      'NA,,,?,yet another sentence of many words,100,1,\n',
  );
  assert.equal(typesOf(table), {
    n: 'number',
    date: 'date',
    flag: 'boolean',
    word: 'category',
    text: 'text',
    code: 'category',
    big: 'category',
    day: 'date',
  });
  assert.equal(valuesOf(table, 'n'), [1, -2500, Number.NaN]);
  assert.equal(valuesOf(table, 'date'), [Date.UTC(2024, 1, 29), Date.UTC(2024, 2, 1, 10, 30), Number.NaN]);
  assert.equal(valuesOf(table, 'flag'), [1, 0, Number.NaN]);
  assert.equal(valuesOf(table, 'word'), ['red', 'blue', null]);
  assert.is(valuesOf(table, 'text')[1], 'a second, with "quotes"\nand a line end');
  assert.equal(valuesOf(table, 'day'), [Date.UTC(2023, 11, 31), Date.UTC(2024, 0, 1), Number.NaN]);
  assert.equal([table.size, table.ids, table.column('n').missing], [3, ['0', '1', '2'], 1]);
});

test('every delimiter, line end, byte order mark and encoding gives the same table', async () => {
  const text = 'name,value\nZoë,1.5\n"x;|y",2\n';
  const expected = await read(text);
  const utf16 = (bigEndian: boolean, mark: string): Uint8Array => {
    const units = Uint16Array.from(mark + text, (character) => character.charCodeAt(0));
    const out = new Uint8Array(units.length * 2);
    const view = new DataView(out.buffer);
    for (const [i, unit] of units.entries()) view.setUint16(2 * i, unit, !bigEndian);
    return out;
  };
  const forms: [Uint8Array, CsvOptions?][] = [
    [bytes(text.replaceAll('\n', '\r\n'))],
    [bytes(text.replaceAll('\n', '\r'))],
    [bytes(`\ufeff${text}\n\n`)],
    [bytes(text.replaceAll(',', ';'))],
    [bytes(`sep=;\r\n${text.replaceAll(',', ';')}`)],
    [bytes(text.replaceAll(',', '\t'))],
    [bytes(text.replaceAll(',', '|')), { delimiter: '|' }],
    [utf16(false, '\ufeff')],
    [utf16(true, '\ufeff')],
    [utf16(false, '')],
    [Uint8Array.from(text, (character) => character.charCodeAt(0)), { encoding: 'windows-1252' }],
    [bytes('{"name":"Zoë","value":1.5}\n{"value":2,"name":"x;|y"}\n')],
  ];
  for (const [i, [file, options]] of forms.entries()) {
    const table = await readCsv(file, options);
    assert.equal(table.columns, expected.columns, `form ${i}`);
  }
});

test('a decimal comma is read where fields are not parted by commas, and told', async () => {
  const table = await read('a;b;c\n1,5;2;x,y\n-0,25;3;z\n');
  assert.equal(typesOf(table), { a: 'number', b: 'number', c: 'category' });
  assert.equal(valuesOf(table, 'a'), [1.5, -0.25]);
  assert.equal(
    table.notes.map(({ code }) => code),
    ['DECIMAL_COMMA'],
  );
  assert.equal(typesOf(await read('a;b\n1,5;2\n', { decimal: '.' })), { a: 'category', b: 'number' });
});

test('types that are told are kept to, and what contradicts them is refused with its row', async () => {
  const text = 'zip,flag,n\n123,1,5\n456,0,x\n';
  const table = await read(text, { columns: { zip: 'category', flag: 'boolean' } });
  assert.equal(typesOf(table), { zip: 'category', flag: 'boolean', n: 'category' });
  assert.equal(valuesOf(table, 'zip'), ['123', '456']);
  await refused(read(text, { columns: { n: 'number' } }), 'TABLE_INVALID', /row 1 has "?'?x.*missing: \['x'\]/);
  assert.equal(valuesOf(await read(text, { columns: { n: 'number' }, missing: ['x'] }), 'n'), [5, Number.NaN]);
  await refused(read(text, { columns: { m: 'number' } }), 'COLUMN_UNKNOWN', /zip, flag, n/);
  await refused(read(text, { columns: { n: 'float' } as never }), 'ARGUMENT_INVALID', /number, date/);
});

test('a few words in a column of numbers, and an empty column, are told', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i === 7 ? 'unknown' : i},`).join('\n');
  const { notes } = await read(`age,void\n${rows}\n`);
  assert.equal(
    notes.map(({ code }) => code),
    ['COLUMN_MIXED', 'COLUMN_EMPTY'],
  );
  assert.match(notes[0]?.message ?? '', /unknown.*row 7/);
});

test('ids come from their column, which is no column of the table any more; two of one kind are refused', async () => {
  const table = await read('key,x\na,1\nb,2\n', { id: 'key' });
  assert.equal([table.ids, table.columns.map(({ name }) => name)], [['a', 'b'], ['x']]);
  await refused(read('key,x\na,1\na,2\n', { id: 'key' }), 'IDS_DUPLICATE', /rows 0 and 1/);
  await refused(read('key,x\na,1\n,2\n', { id: 'key' }), 'TABLE_INVALID', /row 1 has no id/);
  await refused(read('key,x\na,1\n', { id: 'kye' }), 'COLUMN_UNKNOWN', /kye.*key, x/);
});

test('what is no table is refused by code, with the row and what to do', async () => {
  await refused(read(''), 'TABLE_INVALID', /empty/);
  await refused(read('a,b\n'), 'TABLE_INVALID', /no rows/);
  await refused(read('a,b\n1,2\n3\n'), 'TABLE_INVALID', /row 3 has 1 fields; the header has 2/);
  await refused(read('a,b\n1,2,3\n'), 'TABLE_INVALID', /row 2 has 3 fields/);
  await refused(read('a;b\n1;2\n', { delimiter: ',' }), 'TABLE_INVALID', /probably ";"|probably ';'/);
  await refused(read('a,b\n"1,2\n3,4\n'), 'TABLE_INVALID', /quotation mark/);
  await refused(read('a,a\n1,2\n'), 'TABLE_INVALID', /two columns are named/);
  await refused(read('a,,c\n1,2,3\n'), 'TABLE_INVALID', /column 2 has no name/);
  await refused(read(`a,b\n1,${'x'.repeat(2 ** 20 + 1)}\n`), 'TABLE_INVALID', /1048577 characters/);
  await refused(readCsv(Uint8Array.of(97, 44, 98, 10, 0xe9, 44, 50)), 'FORMAT_INVALID', /windows-1252/);
  await refused(read('{"a":1}\n{"a":\n'), 'TABLE_INVALID', /line 2 is not JSON/);
  await refused(read(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`), 'TABLE_INVALID', /line 1 is not JSON/);
  await refused(readCsv('/nowhere/at/all.csv'), 'FILE_FAILED', /Check the path/);
  await refused(read('a\n1', { encoding: 'klingon' }), 'ARGUMENT_INVALID', /klingon/);
});

test('names of members of objects are columns like others', async () => {
  const table = await read('__proto__,constructor\n1,a\n2,b\n', { columns: {} });
  assert.equal(typesOf(table)['constructor'], 'category');
  assert.equal([...table.column('__proto__').values], [1, 2]);
});

testOnSharedData(test, 'the penguins, the abalones and the wines are read with the types they have', async () => {
  const of = async (file: string): Promise<Table> => readCsv(await readFile(sharedData(`tabular/${file}`)));
  const penguins = await of('penguins.csv');
  assert.is(penguins.size, 344);
  assert.equal(typesOf(penguins)['species'], 'category');
  assert.equal(penguins.columns.filter(({ type }) => type === 'number').length >= 4, true);
  const file = await readFile(sharedData('tabular/winequality-white.csv'));
  await refused(readCsv(file), 'TABLE_INVALID', /first line has numbers.*header: false/);
  const wine = await readCsv(file, { header: false });
  assert.equal([wine.size, wine.columns.length, wine.columns[11]?.name], [4898, 12, 'column 12']);
  assert.ok(wine.columns.every(({ type, missing }) => type === 'number' && missing === 0));
});

test.run();
