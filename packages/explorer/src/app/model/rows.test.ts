import { seededRandom } from '@vogjs/base';
import { runSeed } from '@vogjs/testing';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiIssue, ApiReview } from '../../api/types.js';
import { countChoices } from './counts.js';
import {
  everyRow,
  type Facts,
  failing,
  type Filter,
  type Inside,
  joined,
  passing,
  QUESTIONS,
  standingOf,
} from './filter.js';
import { orderRows } from './order.js';
import { percentileIn } from './percentile.js';
import { SortedColumn } from './sorted.js';
import { NO_FILTER } from './view.js';

const seed = runSeed();
const random = seededRandom(seed);
const N = 500;
const HURTING = [0, -0, 1e-42, -1e-42, Infinity, -Infinity, Number.NaN, 3.4e38, -3.4e38, 1, 1, 1];
const keys = Float32Array.from({ length: N }, () =>
  random.uniform() < 0.3 ? HURTING[random.integer(HURTING.length)]! : random.normal(),
);

test(`rows are in the order of a plain comparison, ties in the rows' order and NaN last (SEED=${seed})`, () => {
  const rows = Int32Array.from({ length: N }, (_, row) => row).filter(() => random.uniform() < 0.8);
  for (const largestFirst of [true, false]) {
    const expected = [...rows].sort((a, b) => {
      const [x, y] = [keys[a]!, keys[b]!];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
      if (x === y) return a - b;
      return x < y === largestFirst ? 1 : -1;
    });
    assert.equal([...orderRows(rows, keys, largestFirst)], expected);
  }
});

test(`a percentile is 100 (r - 1/2) / n of the mean rank, the hardest high in both directions (SEED=${seed})`, () => {
  const values = Float32Array.of(1, 3, Number.NaN, 1, 9);
  const of = (high: boolean) => [...values.keys()].map((row) => percentileIn(values, row, high));
  assert.equal(of(false), [75, 37.5, Number.NaN, 75, 12.5]);
  assert.equal(of(true), [25, 62.5, Number.NaN, 25, 87.5]);
});

test(`percentiles out of the order, of one row and of all at once, are those of counting (SEED=${seed})`, () => {
  const sorted = new SortedColumn(keys);
  for (const high of [true, false]) {
    const counted = Float32Array.from(keys, (_, row) => percentileIn(keys, row, high));
    assert.equal([...sorted.percentiles(high)], [...counted]);
    assert.equal([...Float32Array.from(keys, (_, row) => sorted.percentile(row, high))], [...counted]);
  }
  assert.equal(new SortedColumn(new Float32Array()).percentiles(true), new Float32Array());
});

test(`a column in both orders keeps equal rows as they lie, however few values there are (SEED=${seed})`, () => {
  for (const values of [keys, keys.slice(0, 1), new Float32Array(9), new Float32Array(9).fill(Number.NaN)]) {
    const sorted = new SortedColumn(values);
    assert.equal(sorted.descending, orderRows(everyRow(values.length), values, true));
    assert.equal(sorted.ascending, orderRows(everyRow(values.length), values, false));
    assert.is(sorted.count, values.filter((value) => !Number.isNaN(value)).length);
  }
});

const kinds = ['label', 'outlier'] as const;
const issue = (kind: ApiIssue['kind'], row: number): ApiIssue => {
  const none = { name: null, suggested: null, suggestedProbability: null, others: [], detail: null };
  return { kind, row, score: 1, flagged: true, why: '', ...none };
};
const facts: Facts = {
  examples: N,
  ids: Array.from({ length: N }, (_, row) => `Id-${row}`),
  paths: null,
  labels: Float32Array.from({ length: N }, () => random.integer(3)),
  issues: new Map(
    Array.from({ length: 100 }, (_, row) => [
      row,
      kinds.filter(() => random.uniform() < 0.5).map((k) => issue(k, row)),
    ]),
  ),
  decisions: new Map(
    Array.from({ length: 50 }, (_, i): [number, ApiReview] => {
      const decision = (['confirm', 'exclude', 'relabel'] as const)[random.integer(3)]!;
      return [i * 3, { row: i * 3, decision, when: '' }];
    }),
  ),
  skipped: new Set([1, 2, 3]),
  scores: (column) => (column === 'vog' ? keys : null),
};
const inside: Inside = ({ map }) => (map === 'pca' ? Uint8Array.from({ length: N }, (_, row) => row % 2) : null);
const failsOf = (known: Facts, filter: Filter): Uint8Array =>
  joined(
    N,
    QUESTIONS.map((question) => failing(known, filter, question, inside)),
  );
const filterRows = (known: Facts, filter: Filter): Int32Array => passing(failsOf(known, filter), everyRow(N));

test(`the count beside a choice is how many rows are shown once it alone is chosen (SEED=${seed})`, () => {
  const filters: Filter[] = [
    NO_FILTER,
    { kinds: ['label'], standings: ['undecided'], classes: [0, 2], text: 'd-1', ranges: [], lassos: [] },
    {
      kinds: ['label', 'outlier'],
      standings: [],
      classes: [1],
      text: '',
      ranges: [{ column: 'vog', low: -1, high: 1 }],
      lassos: [{ map: 'pca', across: '', upwards: '', points: [0, 0, 1, 0, 1, 1] }],
    },
  ];
  for (const filter of filters) {
    const counts = countChoices(facts, failsOf(facts, filter));
    const shown = (changes: Partial<Filter>): number => filterRows(facts, { ...filter, ...changes }).length;
    for (const kind of kinds) assert.is(counts.kinds.get(kind) ?? 0, shown({ kinds: [kind] }), kind);
    for (const label of [0, 1, 2]) assert.is(counts.classes.get(label) ?? 0, shown({ classes: [label] }));
    for (const standing of ['undecided', 'skip', 'confirm'] as const) {
      assert.is(counts.standings.get(standing) ?? 0, shown({ standings: [standing] }), standing);
    }
  }
});

test('text is found in ids and file names whatever its case, and a decision outweighs an earlier skip', () => {
  assert.equal([...filterRows(facts, { ...NO_FILTER, text: 'ID-49' })].slice(0, 2), [49, 490]);
  const named: Facts = { ...facts, paths: facts.ids.map((id) => `Photos/${id}.PNG`) };
  assert.is(filterRows(named, { ...NO_FILTER, text: 'photos/id-7.p' }).length, 1);
  assert.is(standingOf(facts, 3), facts.decisions.get(3)!.decision);
  assert.is(standingOf(facts, 2), 'skip');
});

test(`ranges hold both their ends and never NaN; a column that is not read yet leaves all in (SEED=${seed})`, () => {
  const within = (column: string, low: number, high: number): number[] => [
    ...filterRows(facts, { ...NO_FILTER, ranges: [{ column, low, high }] }),
  ];
  assert.equal(
    within('vog', 0, 1),
    [...keys.keys()].filter((row) => keys[row]! >= 0 && keys[row]! <= 1),
  );
  assert.equal(
    within('vog', -Infinity, Infinity),
    [...keys.keys()].filter((row) => !Number.isNaN(keys[row])),
  );
  assert.is(within('aum', 0, 1).length, N);
});

test('a lasso holds the rows inside it, and leaves all in before its map is there', () => {
  const of = (map: 'pca' | 'umap'): number =>
    filterRows(facts, { ...NO_FILTER, lassos: [{ map, across: '', upwards: '', points: [] }] }).length;
  assert.equal([of('pca'), of('umap')], [N / 2, N]);
});

test.run();
