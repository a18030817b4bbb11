import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readNpy } from '@vogjs/formats';
import { seededRandom } from '@vogjs/base';
import { forRandomInputs } from '@vogjs/testing';
import { randomScores, scoresOf } from './properties.test.helper.js';
import type { Scores } from './scores.js';

const readParquet = async (scores: Scores): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file: (await scores.toParquet()).buffer as ArrayBuffer });

/** A reader of RFC 4180 that shares nothing with the writer. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) throw new Error('not RFC 4180');
    rows.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('toCsv(): id, label, class, score, percentile, rank, in probe order', () => {
  const scores = scoresOf([0.1, 0.7], {
    ids: ['a', 'b, c'],
    labels: Int32Array.of(1, 0),
    classNames: ['cat', 'the "dog"'],
  });
  assert.is(
    scores.toCsv(),
    'id,label,class,vog,percentile,rank\r\na,1,"the ""dog""",0.1,25,2\r\n"b, c",0,cat,0.7,75,1\r\n',
  );
});

test('toCsv() quotes a comma, a quote, CR, LF and outer spaces, and nothing else', () => {
  const ids = ['a,b', 'a"b', 'a\rb', 'a\nb', ' a', 'a ', 'a b', "a'b;\\"];
  const lines = scoresOf(ids.map(Number), { ids }).toCsv();
  for (const id of ids.slice(0, 6)) assert.ok(lines.includes(`\r\n"${id.replace('"', '""')}",,`), JSON.stringify(id));
  for (const id of ids.slice(6)) assert.ok(lines.includes(`\r\n${id},,`), JSON.stringify(id));
});

test('toCsv() of unlabelled scores leaves label empty and class out', () => {
  assert.is(scoresOf([0.5, Number.NaN]).toCsv(), 'id,label,vog,percentile,rank\r\n0,,0.5,50,1\r\n1,,NaN,NaN,\r\n');
});

test('the score is named by its metric, by metric.column where there are several, by value where that name is taken', () => {
  const header = (metric: string, column: string): string | undefined =>
    scoresOf([1], { metric, column }).toCsv().split('\r\n')[0]?.split(',')[2];
  assert.is(header('el2n', 'el2n'), 'el2n');
  assert.is(header('el2n', 'value'), 'el2n');
  assert.is(header('data-maps', 'confidence'), 'data-maps.confidence');
  assert.is(header('rank', 'rank'), 'value');
});

test('reading toCsv() gives every id, label, class, float32, percentile and rank back', () => {
  forRandomInputs(100, (random) => {
    const plain = randomScores(random);
    const scores = scoresOf(plain.values, {
      ...plain,
      values: plain.values,
      ids: plain.ids.map((id) => ` "${id}",\r\n`),
    });
    const [header, ...rows] = parseCsv(scores.toCsv());
    assert.equal(header, ['id', 'label', 'class', 'vog', 'percentile', 'rank']);
    assert.equal(
      rows.map(([id]) => id),
      scores.ids,
    );
    assert.equal(
      rows.map(([, label]) => Number(label)),
      [...scores.labels!],
    );
    assert.equal(
      rows.map(([, , name]) => name),
      [...scores.labels!].map((label) => scores.classNames![label]),
    );
    const values = rows.map((row) => Math.fround(Number(row[3])));
    assert.ok(values.every((value, index) => Object.is(value, scores.values[index])));
    assert.equal(
      rows.map((row) => Math.fround(Number(row[4]))),
      [...scores.percentiles()],
    );
    assert.equal(
      [...scores.ranking()].map((index) => rows[index]![5]),
      [...scores.ranking()].map((index, position) => (Number.isNaN(scores.values[index]) ? '' : String(position + 1))),
    );
  });
});

test('reading toParquet() gives every id, label, class, float32, percentile and rank back', async () => {
  for (let run = 0; run < 20; run++) {
    const seed = Math.floor(Math.random() * 2 ** 40);
    const scores = randomScores(seededRandom(seed));
    const rows = await readParquet(scores);
    assert.is(rows.length, scores.values.length, `seed ${seed}`);
    for (const [index, row] of rows.entries()) {
      assert.is(row['rank'] === null, Number.isNaN(scores.values[index]), `seed ${seed}`);
    }
    for (const example of scores.hardest(rows.length)) {
      const row = rows[example.index]!;
      assert.equal(Object.keys(row), ['id', 'label', 'class', 'vog', 'percentile', 'rank']);
      assert.equal(
        [row['id'], row['label'], row['class']],
        [example.id, example.label, example.className],
        `seed ${seed}`,
      );
      assert.is(row['rank'], example.rank, `seed ${seed}`);
      assert.ok(Object.is(row['vog'], scores.values[example.index]), `${row['vog']}, seed ${seed}`);
      assert.ok(
        Object.is(row['percentile'], scores.percentiles()[example.index]),
        `${row['percentile']}, seed ${seed}`,
      );
    }
  }
});

/** Ids and names that a spreadsheet would take for formulas, or for the start of another cell. */
const formulas = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '＝1+1',
  '＋1',
  '－1',
  '＠x',
  '=cmd|"/c x"!A0',
];
const harmless = ['a=1', "'=1", 'é', '-5', '+5.25', 'a-b', ''];

test('toCsv() as it is: every cell holds what the scores hold, and no byte order mark comes first', () => {
  const ids = [...formulas, ...harmless];
  const csv = scoresOf(ids.map(Number), { ids }).toCsv();
  assert.ok(csv.startsWith('id,'));
  assert.equal(
    parseCsv(csv)
      .slice(1)
      .map(([id]) => id),
    ids,
  );
});

test('toCsv({ excel: true }) makes text of what a spreadsheet would compute: ids, names and headings', () => {
  const ids = [...formulas, ...harmless];
  const labels = Int32Array.from(ids.keys());
  const values = ids.map((_, index) => -index / 3);
  const scores = scoresOf(values, { ids, labels, classNames: ids, metric: '=evil', column: '=evil' });
  const csv = scores.toCsv({ excel: true });
  assert.is(csv.codePointAt(0), 0xfeff, 'a byte order mark');
  const [headings, ...rows] = parseCsv(csv.slice(1));
  assert.equal(headings, ['id', 'label', 'class', "'=evil", 'percentile', 'rank']);
  const expected = [...formulas.map((text) => `'${text}`), ...harmless];
  assert.equal(
    rows.map(([id, , name]) => [id, name]),
    expected.map((text) => [text, text]),
  );
  // Negative scores stay numbers.
  assert.equal(
    rows.map((row) => Math.fround(Number(row[3]))),
    [...scores.values].map((value) => value + 0),
  );
});

test('toCsv({ excel: false }) is toCsv(); other options are refused', () => {
  const scores = scoresOf([1, 2]);
  assert.is(scores.toCsv({ excel: false }), scores.toCsv());
  for (const options of [{ exel: true }, { excel: 1 }, null, 'excel']) {
    assert.throws(() => scores.toCsv(options as never), /toCsv/);
  }
});

test('toParquet() keeps string, integer, large and mixed ids, and no labels', async () => {
  const lists = [
    ['a', 'é'],
    [3, -7],
    [2 ** 40, 1],
    [0.5, 1],
    ['a', 1],
  ];
  for (const ids of lists) {
    const rows = await readParquet(scoresOf([1, 2], { ids }));
    assert.equal(
      rows.map(({ id }) => id),
      ids[0] === 'a' ? ids.map(String) : ids,
    );
    assert.equal(
      rows.map(({ label }) => label),
      [null, null],
    );
  }
});

test('toParquet() says in its metadata what the numbers are', async () => {
  const scores = scoresOf([1, 2], { hardDirection: 'low', window: 'early', notes: ['a "note"'] });
  const metadata = parquetMetadata((await scores.toParquet()).buffer as ArrayBuffer);
  const facts = Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value]));
  assert.equal(facts, {
    'vogjs.metric': 'vog',
    'vogjs.column': 'vog',
    'vogjs.window': 'early',
    'vogjs.hardDirection': 'low',
    'vogjs.checkpoints': '5',
    'vogjs.notes': '["a \\"note\\""]',
  });
});

test('toParquet() of 3,000 examples spans row groups and keeps their order', async () => {
  const values = Float32Array.from({ length: 3000 }, (_, index) => Math.fround(Math.sin(index)));
  const rows = await readParquet(scoresOf(values));
  assert.equal(
    Float32Array.from(rows, ({ vog }) => vog as number),
    values,
  );
});

test('toNpy() = the values as float32 [N]', () => {
  const scores = scoresOf([1, Number.NaN, -0]);
  const { shape, data, dtype } = readNpy(scores.toNpy());
  assert.equal([shape, dtype, [...(data as Float32Array)]], [[3], 'float32', [...scores.values]]);
});

test.run();
