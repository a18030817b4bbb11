// Only with --all: it renders whole pages
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { all, render, textOf } from '../../sample.test.helper.js';
import { metricOf } from '../../several.test.helper.js';
import { correctnessGroup, samplesOf } from './data-map.js';

const test = suite('data map');

test('groups are those of whole checkpoints, for every number of them and every float32 share', () => {
  for (let checkpoints = 1; checkpoints <= 300; checkpoints++) {
    for (let right = 0; right <= checkpoints; right++) {
      const group = correctnessGroup(Math.fround(right / checkpoints), checkpoints);
      const expected =
        right === 0
          ? 0
          : right === checkpoints
            ? 4
            : 3 * right <= checkpoints
              ? 1
              : 3 * right <= 2 * checkpoints
                ? 2
                : 3;
      assert.is(group, expected, `${right} of ${checkpoints}`);
    }
  }
});

test('scores that do not say their checkpoints: a float32 third is a third', () => {
  assert.equal(
    [0, 1 / 3, 0.4, 2 / 3, 0.7, 1].map((share) => correctnessGroup(Math.fround(share), 0)),
    [0, 1, 2, 2, 3, 4],
  );
});

/** A map of so many examples, right at `right(example)` of three checkpoints. */
function mapOf(size: number, right: (example: number) => number) {
  const column = (name: string, value: (example: number) => number) => ({
    ...scoresOf(size, value),
    column: name,
  });
  return {
    confidence: column('confidence', (example) => right(example) / 3),
    variability: column('variability', (example) => 0.001 * (example % 300)),
    correctness: column('correctness', (example) => Math.fround(right(example) / 3)),
  };
}

function scoresOf(size: number, value: (example: number) => number) {
  const scores = metricOf(size, 'data-maps', value);
  return {
    values: scores.values,
    ids: scores.ids,
    labels: scores.labels,
    hardDirection: 'low' as const,
    metric: 'data-maps',
    window: 'complete',
    checkpoints: 3,
    notes: [],
    ranking: () => scores.ranking(),
    percentiles: () => scores.percentiles(),
  };
}

const countsOf = (document: Document) =>
  all(document, '#data-map tbody tr').map((row) => Number(row.children[1]!.textContent!.replace(',', '')));

test('three checkpoints: right 0, 1, 2 and 3 times are counted as never, a third, two thirds, always', () => {
  const dataMap = mapOf(4, (example) => example);
  const { document } = render({ title: 'Four', scores: metricOf(4, 'vog', (example) => example), dataMap });
  assert.equal(countsOf(document), [1, 1, 1, 0, 1]);
});

test('beyond 4,000 points the rare groups are drawn whole, the page says what was, and the table counts all', () => {
  const size = 40_000;
  // 350 never right, 2,906 once, the rest twice or always.
  const right = (example: number) => (example < 350 ? 0 : example < 3256 ? 1 : example < 15_471 ? 2 : 3);
  const dataMap = mapOf(size, right);
  const { document } = render({ title: 'Many', scores: metricOf(size, 'vog', (example) => example), dataMap });
  assert.equal(countsOf(document), [350, 2906, 12_215, 0, 24_529]);
  const drawn = [0, 1, 2, 3, 4].map((group) => {
    const path = document.querySelector(`#data-map .wide path[stroke="var(--correct-${group})"]`);
    return (path?.getAttribute('d') ?? '').split('M').length - 1;
  });
  assert.equal(drawn, [350, 1216, 1217, 0, 1217]);
  const note = textOf(document, '#data-map .note').replaceAll(/\s+/g, ' ');
  assert.match(note, '4,000 of 40,000 examples are drawn');
  assert.match(note, 'never, all 350; up to a third, 1,216 of 2,906; up to two thirds, 1,217 of 12,215');
  assert.match(note, 'always, 1,217 of 24,529');
});

test('a sample holds each example at most once, is the same every time, and is everything where there is room', () => {
  const groups = [[5], Array.from({ length: 500 }, (_, index) => 10 + index), [], [6, 7, 8]];
  assert.equal(samplesOf(groups, 504), groups);
  const samples = samplesOf(groups, 100);
  assert.equal(samples, samplesOf(groups, 100));
  assert.equal(
    samples.map(({ length }) => length),
    [1, 96, 0, 3],
  );
  for (const [index, sample] of samples.entries()) {
    assert.is(new Set(sample).size, sample.length);
    assert.ok(sample.every((example) => groups[index]!.includes(example)));
  }
});

test.run();
