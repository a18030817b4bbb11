import { type Scores, Scores as ScoresClass } from '@vogjs/core';
import { detectLabelErrors } from '@vogjs/statistics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { forRandomInputs } from '@vogjs/testing';
import { refused } from './curriculum.test.helper.js';
import { coreset, dropLabelErrors, infoBatch, keepBy, type Pruning, type PruningContext } from './pruning.js';
import { trainingSetOf } from './training-set.js';

const test = suite('pruning');

function scoresOf(
  values: ArrayLike<number>,
  labels: Int32Array | null,
  hardDirection: 'high' | 'low' = 'high',
): Scores {
  return new ScoresClass({
    metric: 'loss',
    column: 'loss',
    window: 'complete',
    hardDirection,
    checkpoints: 2,
    values: Float32Array.from(values),
    ids: Array.from(values, (_, i) => i),
    labels,
  });
}

function contextOf(scores: Scores, others: Record<string, Scores> = {}): PruningContext {
  const { labels, classes } = trainingSetOf(scores, undefined);
  const percentiles = scores.percentiles().map((value) => (Number.isNaN(value) ? 50 : value));
  return { scores, percentiles, labels, classes, scoresOf: async (metric) => others[metric]! };
}

const keep = async (pruning: Pruning, context: PruningContext): Promise<number[]> => [
  ...(await keepBy(pruning, context)),
];

test('infoBatch: an example easier than the mean stays with probability 1 - r, by the declared direction', async () => {
  // Mean 2.5 of those that have a score.
  const values = [0, 1, 2.5, 4, 5, Number.NaN];
  assert.equal(await keep(infoBatch(), contextOf(scoresOf(values, null))), [0.5, 0.5, 1, 1, 1, 1]);
  assert.equal(
    await keep(infoBatch({ rate: 0.75 }), contextOf(scoresOf(values, null, 'low'))),
    [1, 1, 1, 0.25, 0.25, 1],
  );
  assert.equal(
    [infoBatch().from, infoBatch().until, infoBatch().rescale, infoBatch({ rescale: false }).rescale],
    [0, 0.875, true, false],
  );
});

test('dropLabelErrors leaves out what detectLabelErrors ranks first, by the metric named', async () => {
  const seeds: [Scores, Scores][] = [];
  forRandomInputs(20, (random) => {
    const labels = Int32Array.from({ length: 40 }, () => random.integer(3));
    const draw = (): number[] => Array.from(labels, () => random.normal());
    seeds.push([scoresOf(draw(), labels), scoresOf(draw(), labels, 'low')]);
  });
  for (const [own, other] of seeds) {
    const context = contextOf(own, { aum: other });
    for (const [pruning, scores, share] of [
      [dropLabelErrors(), own, 0.02],
      [dropLabelErrors({ share: 0.3 }), own, 0.3],
      [dropLabelErrors({ share: 0.3, metric: 'aum' }), other, 0.3],
    ] as const) {
      const dropped = [...(await keepBy(pruning, context)).entries()]
        .filter(([, p]) => p === 0)
        .map(([index]) => index);
      assert.equal(
        dropped,
        detectLabelErrors(scores, { share })
          .map(({ index }) => index)
          .toSorted((a, b) => a - b),
      );
      assert.is(dropped.length, Math.max(1, Math.round(share * 40)));
    }
  }
});

test('coreset keeps k of each class: spread over its difficulty, the hardest or the easiest; all of a smaller class', async () => {
  const labels = Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1);
  const context = contextOf(scoresOf([6, 5, 4, 3, 2, 1, 10, 30, 20], labels));
  assert.equal(await keep(coreset({ perClass: 2, choose: 'easiest' }), context), [0, 0, 0, 0, 1, 1, 1, 0, 1]);
  assert.equal(await keep(coreset({ perClass: 2, choose: 'hardest' }), context), [1, 1, 0, 0, 0, 0, 0, 1, 1]);
  // Of six sorted the second and the fifth; of three the first and the third.
  assert.equal(await keep(coreset({ perClass: 2 }), context), [0, 1, 0, 0, 1, 0, 1, 1, 0]);
  assert.equal(await keep(coreset({ perClass: 5 }), context), [1, 1, 1, 0, 1, 1, 1, 1, 1]);
});

test('a coreset has min(k, class size) of every class', async () => {
  const cases: [PruningContext, number][] = [];
  forRandomInputs(50, (random) => {
    const labels = Int32Array.from({ length: 30 }, () => random.integer(4));
    cases.push([
      contextOf(
        scoresOf(
          Array.from(labels, () => random.integer(5)),
          labels,
        ),
      ),
      1 + random.integer(12),
    ]);
  });
  for (const [context, perClass] of cases) {
    for (const choose of ['spread', 'hardest', 'easiest'] as const) {
      const kept = await keepBy(coreset({ perClass, choose }), context);
      for (const members of context.classes)
        assert.is(members.filter((index) => kept[index] === 1).length, Math.min(perClass, members.length));
    }
  }
});

test('wrong options, a set without labels, and a rule that gives no probabilities are refused', async () => {
  const unlabelled = contextOf(scoresOf([1, 2, 3], null));
  for (const [run, part] of [
    [() => infoBatch({ rate: 1 }), /rate must be a number between 0 and 1; got 1/],
    [() => infoBatch({ until: 0 }), /from < until/],
    [() => infoBatch({ share: 1 } as object), /unknown option 'share'/],
    [() => dropLabelErrors({ share: 0.6 }), /share must be a number above 0, at most 0.5; got 0.6/],
    [() => dropLabelErrors({ from: 0.5, until: 0.5 }), /from < until/],
    [() => coreset({ perClass: 0 }), /perClass/],
    [() => coreset({ perClass: 1, choose: 'best' as 'spread' }), /'spread', 'hardest' or 'easiest'/],
    [() => keepBy(coreset({ perClass: 1 }), unlabelled), /needs labels/],
    [() => keepBy(dropLabelErrors(), unlabelled), /labels/],
    [
      () => keepBy({ ...infoBatch(), name: 'mine', keep: () => Float32Array.of(1, 2, 1) }, unlabelled),
      /'mine': keep must give a Float32Array of 3 probabilities/,
    ],
    [() => keepBy({ ...infoBatch(), keep: () => Float32Array.of(1) }, unlabelled), /3 probabilities/],
  ] as const)
    await refused(run, 'ARGUMENT_INVALID', part);
});

test.run();
