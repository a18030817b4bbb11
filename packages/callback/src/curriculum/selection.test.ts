import type { SeededRandom } from '@vogjs/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { forRandomInputs } from '@vogjs/testing';
import { Selection, type SelectionInit } from './selection.js';
import { type TrainingSet, trainingSetOf } from './training-set.js';

const test = suite('selection');
const ORDERS = ['easy-first', 'hard-first', 'hard-mined', 'balanced', 'random'] as const;

interface Case extends SelectionInit {
  readonly labels: Int32Array;
}

/** A training set with classes of very different size, and everything else at random. */
function caseOf(random: SeededRandom, rest: Partial<SelectionInit> = {}): Case {
  const size = 1 + random.integer(60);
  const classes = 1 + random.integer(5);
  const labels = Int32Array.from({ length: size }, () => Math.floor(classes * random.uniform() ** 3));
  const training: TrainingSet = trainingSetOf(
    { ids: Array.from({ length: size }, (_, i) => i), labels, classNames: undefined },
    undefined,
  );
  const order = ORDERS[random.integer(ORDERS.length)]!;
  return {
    epoch: random.integer(20),
    training,
    ranking: random.shuffle(size),
    share: random.uniform(),
    keep:
      random.uniform() < 0.5
        ? null
        : Float32Array.from({ length: size }, (_, i) => (i === 0 ? 0.4 : [0, 0.4, 1][random.integer(3)]!)),
    minPerClass: random.integer(5),
    options: {
      order,
      within: 'shuffled',
      seed: random.integer(1000),
      maxRepeats: 1 + random.integer(4),
      mining: { extra: random.uniform() + 0.01, hardest: 1 - random.uniform() },
    },
    labels,
    ...rest,
  };
}

const countsOf = (order: Int32Array, size: number): Int32Array => {
  const counts = new Int32Array(size);
  for (const index of order) counts[index]! += 1;
  return counts;
};

test('minPerClass: in every pass each class has so many different examples, or all it has', () => {
  forRandomInputs(400, (random) => {
    const init = caseOf(random);
    const selection = new Selection(init);
    for (let pass = 0; pass < 3; pass++) {
      const shown = new Set(selection.pass(pass));
      assert.ok(shown.size > 0);
      for (const members of init.training.classes) {
        const count = members.filter((index) => shown.has(index)).length;
        assert.ok(count >= Math.min(init.minPerClass, members.length), `${count} of class ${init.labels[members[0]!]}`);
      }
    }
  });
});

test('every example is shown when the share is 1 and nothing is pruned, in every order', () => {
  forRandomInputs(200, (random) => {
    const init = caseOf(random, { share: 1, keep: null });
    for (const order of ORDERS) {
      const counts = countsOf(
        new Selection({ ...init, options: { ...init.options, order } }).pass(0),
        init.training.size,
      );
      assert.ok(
        counts.every((count) => count >= 1),
        order,
      );
      if (order !== 'hard-mined' && order !== 'balanced') assert.ok(counts.every((count) => count === 1));
    }
  });
});

test('no example is shown more than maxRepeats times', () => {
  forRandomInputs(300, (random) => {
    const init = caseOf(random);
    const counts = countsOf(new Selection(init).pass(0), init.training.size);
    assert.ok(counts.every((count) => count <= init.options.maxRepeats));
  });
});

test('without pruning and minPerClass the first ceil(share * N) of the ranking are available, and only they', () => {
  forRandomInputs(200, (random) => {
    const init = caseOf(random, { keep: null, minPerClass: 0 });
    const count = Math.max(1, Math.ceil(init.share * init.training.size - 1e-9));
    const shown = new Set(new Selection(init).pass(0));
    assert.equal(Int32Array.from(shown).sort(), init.ranking.slice(0, count).sort());
  });
});

test('a larger share only adds examples', () => {
  forRandomInputs(200, (random) => {
    const init = caseOf(random);
    const share = init.share + (1 - init.share) * random.uniform();
    const more = new Set(new Selection({ ...init, share }).available);
    // minPerClass adds examples only until the share has them.
    const less = new Selection({ ...init, minPerClass: 0 }).available;
    assert.ok(less.every((index) => more.has(index)));
  });
});

test('equal inits give equal orders, whatever was asked before; passes and epochs differ', () => {
  forRandomInputs(100, (random) => {
    const init = caseOf(random);
    const [a, b] = [new Selection(init), new Selection(init)];
    a.pass(7);
    assert.equal(a.pass(1), b.pass(1));
    assert.equal(a.pass(0), b.pass(0));
  });
  forRandomInputs(20, (random) => {
    const ranking = Int32Array.from({ length: 40 }, (_, i) => i);
    const training = trainingSetOf({ ids: [...ranking], labels: null, classNames: undefined }, undefined);
    const options = { order: 'random', within: 'shuffled', seed: random.integer(99) } as const;
    const of = (epoch: number, seed: number = options.seed): string =>
      String(
        new Selection({
          epoch,
          training,
          ranking,
          share: 1,
          keep: null,
          minPerClass: 0,
          options: { ...options, seed, maxRepeats: 1, mining: { extra: 1, hardest: 1 } },
        }).pass(0),
      );
    assert.is.not(of(0), of(1));
    assert.is.not(of(0), of(0, options.seed + 1));
  });
});

test('sorted keeps the order of the ranking', () => {
  forRandomInputs(50, (random) => {
    const init = caseOf(random, { keep: null, minPerClass: 2 });
    const options = { ...init.options, order: 'easy-first', within: 'sorted' } as const;
    const shown = new Set(new Selection({ ...init, options }).pass(0));
    const expected = init.ranking.filter((index) => shown.has(index));
    assert.equal(new Selection({ ...init, options }).pass(0), expected);
  });
});

test('an example that is kept with probability k is shown in a share k of the passes', () => {
  forRandomInputs(5, (random) => {
    const init = caseOf(random, { share: 1, minPerClass: 0 });
    const size = init.training.size;
    const keep = Float32Array.from({ length: size }, (_, i) => (i === 0 ? 1 : 0.3));
    const options = { ...init.options, order: 'random' } as const;
    const selection = new Selection({ ...init, keep, options });
    const counts = new Int32Array(size);
    const passes = 400;
    for (let pass = 0; pass < passes; pass++) for (const index of selection.pass(pass)) counts[index]! += 1;
    assert.is(counts[0], passes);
    // Six standard deviations: 0.3 is not 0.44, and chance alone fails once in 10^7 runs.
    for (const count of counts.slice(1)) assert.ok(Math.abs(count / passes - 0.3) < 0.14, String(count / passes));
  });
});

test('hard-mined: the extra showings are those of the hardest, as many as asked where the cap has room', () => {
  forRandomInputs(100, (random) => {
    const init = caseOf(random, { share: 1, keep: null, minPerClass: 0 });
    const options = { ...init.options, order: 'hard-mined' } as const;
    const size = init.training.size;
    const counts = countsOf(new Selection({ ...init, options }).pass(0), size);
    const { extra, hardest } = options.mining;
    const hard = init.ranking.subarray(size - Math.max(1, Math.round(hardest * size)));
    const easy = init.ranking.filter((index) => !hard.includes(index));
    assert.ok(easy.every((index) => counts[index] === 1));
    const extras = hard.reduce((sum, index) => sum + counts[index]! - 1, 0);
    assert.is(extras, Math.min(Math.round(extra * size), hard.length * (options.maxRepeats - 1)));
  });
});

test('balanced: equal counts up to the cap, and every stretch of the order holds of each class its part', () => {
  forRandomInputs(200, (random) => {
    const init = caseOf(random, { share: 1, keep: null });
    const { maxRepeats } = init.options;
    const order = new Selection({ ...init, options: { ...init.options, order: 'balanced' } }).pass(0);
    const largest = Math.max(...init.training.classes.map((members) => members.length));
    for (const members of init.training.classes) {
      const label = init.labels[members[0]!]!;
      const places = [...order.keys()].filter((at) => init.labels[order[at]!] === label);
      assert.is(places.length, Math.min(largest, members.length * maxRepeats));
      // Of any prefix, its part to within one, and the phases of the others to within one each.
      const classes = init.training.classes.length;
      for (const [seen, at] of places.entries()) {
        const expected = (at / order.length) * places.length;
        assert.ok(Math.abs(seen - expected) <= classes + 1, `${seen} of class ${label} at ${at} of ${order.length}`);
      }
      // Repeats come evenly too: no example a third time before another a second time.
      const counts = members.map((index) => countsOf(order, init.training.size)[index]!);
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
    }
  });
});

test.run();
