import { type MetricState, type Metric, seededRandom, type UpdateContext, VogError } from '@vogjs/core';
import { wordsOf } from '@vogjs/core/plugin';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keepsLaws } from '../golden.test.helper.js';
import { runSeed } from '@vogjs/testing';
import { vog, type VogOptions } from './vog.js';

const test = suite('vog');
test.before(async () => void (await tf.setBackend('cpu')));
const SEED = runSeed();
const context = (checkpoints: number, size: number): UpdateContext => ({
  checkpoints,
  size,
  position: { epoch: checkpoints, epochsCompleted: checkpoints + 1, step: 0, progress: null },
});

function initial(metric: Metric, size: number, shape: readonly number[]): MetricState {
  return metric.init({ size, inputShape: shape, inputShapes: [shape], classes: 2 });
}

/** The state after these gradients, one array per checkpoint of `size` examples of `shape`. */
function fold(
  metric: Metric,
  size: number,
  shape: readonly number[],
  gradients: readonly ArrayLike<number>[],
): MetricState {
  return gradients.reduce<MetricState>(
    (state, values, k) =>
      metric.update(state, { gradient: tf.tensor(Array.from(values), [size, ...shape]) }, context(k, size)),
    initial(metric, size, shape),
  );
}

function valuesOf(metric: Metric, state: MetricState, checkpoints: number, size: number): number[] {
  const output = metric.compute(state, { checkpoints, size });
  assert.instance(output, tf.Tensor);
  assert.equal((output as tf.Tensor).shape, [size]);
  return [...(output as tf.Tensor).dataSync()];
}

function scored(options: VogOptions, size: number, shape: readonly number[], gradients: readonly number[][]): number[] {
  const metric = vog(options);
  return valuesOf(metric, fold(metric, size, shape, gradients), gradients.length, size);
}

function close(actual: readonly number[], expected: readonly number[], tolerance = 1e-6): void {
  assert.is(actual.length, expected.length);
  for (const [i, value] of actual.entries()) {
    const wanted = expected[i] as number;
    assert.ok(
      Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted)),
      `${value} = ${wanted}, SEED=${SEED}`,
    );
  }
}

// One example of 2 values, gradients (0, 1) then (4, 1) then (8, 1): variances 32/3 and 0; with ddof 1, 16 and 0.
const VECTOR = [
  [0, 1],
  [4, 1],
  [8, 1],
];

test('VoG = mean over pixels of the population standard deviation, by hand', () => {
  close(scored({}, 1, [2], VECTOR), [Math.sqrt(32 / 3) / 2]);
  close(scored({ ddof: 1 }, 1, [2], VECTOR), [2]);
  close(scored({ reduce: 'variance' }, 1, [2], VECTOR), [16 / 3]);
  close(scored({ reduce: 'variance', ddof: 1 }, 1, [2], VECTOR), [8]);
});

test('the root is taken per pixel, before the mean: two pixels of variance 16 and 0 give 2, not √8', () => {
  close(
    scored(
      {},
      1,
      [2],
      [
        [-4, 0],
        [4, 0],
      ],
    ),
    [2],
  );
});

// A 1 x 2 image of 2 channels, values [pixel 0: a, b; pixel 1: c, d] at two checkpoints.
const IMAGE = [
  [0, 0, 1, 5],
  [2, 6, 3, 3],
];

test("channels: 'mean' averages before the variance, so that opposite channels cancel; 'separate' does not", () => {
  // Mean maps (0, 3) and (4, 3): deviations 2 and 0.
  close(scored({}, 1, [1, 2, 2], IMAGE), [1]);
  // Deviations 1, 3, 1, 1.
  close(scored({ channels: 'separate' }, 1, [1, 2, 2], IMAGE), [1.5]);
  close(scored({ channels: 'separate', reduce: 'variance' }, 1, [1, 2, 2], IMAGE), [3]);
});

test('pool averages the map, not the variance; at the border it counts real pixels only', () => {
  // 1 x 3 x 1, pool 2, padding after: means of (p0, p1) and of p2 alone.
  const line = [
    [1, -1, 2],
    [-1, 1, 6],
  ];
  close(scored({ pool: 2 }, 1, [1, 3, 1], line), [(0 + 2) / 2]);
  close(scored({}, 1, [1, 3, 1], line), [(1 + 1 + 2) / 3]);
  // 1 x 4 x 2, both: pools (p0, p1) and (p2, p3) of each channel.
  const two = [
    [0, 0, 2, 8, 1, 1, 1, 1],
    [0, 0, 6, 0, 1, 1, 1, 9],
  ];
  // Channel 0: 1 -> 3, 1 -> 1. Channel 1: 4 -> 0, 1 -> 5. Deviations 1, 0, 2, 2.
  close(scored({ pool: 2, channels: 'separate' }, 1, [1, 4, 2], two), [5 / 4]);
  // Channel means: 2.5 -> 1.5 and 1 -> 3.
  close(scored({ pool: 2 }, 1, [1, 4, 2], two), [(0.5 + 1) / 2]);
});

test('inputs that are no images have no channel axis: nothing is averaged, whatever channels says', () => {
  for (const shape of [[4], [2, 2], [1, 2, 1, 2]]) {
    for (const channels of ['mean', 'separate'] as const) close(scored({ channels }, 1, shape, IMAGE), [1.5]);
  }
});

test('below two checkpoints the score is NaN, never 0; constant gradients give 0', () => {
  for (const options of [{}, { ddof: 1 }, { reduce: 'variance' }] as const) {
    assert.ok(Number.isNaN(scored(options, 1, [2], [])[0]));
    assert.ok(Number.isNaN(scored(options, 1, [2], [[1, 2]])[0]));
    assert.equal(
      scored(
        options,
        1,
        [2],
        [
          [1, 2],
          [1, 2],
        ],
      ),
      [0],
    );
  }
});

test('examples do not mix: each row is scored as if it were alone', () => {
  const random = seededRandom(SEED);
  const [size, shape] = [4, [3, 2, 3]];
  const gradients = [0, 1, 2].map(() => Array.from({ length: size * 18 }, () => random.normal()));
  for (const options of [{}, { channels: 'separate' }, { pool: 2 }] as const) {
    const together = scored(options, size, shape, gradients);
    const alone = Array.from({ length: size }, (_, i) =>
      scored(
        options,
        1,
        shape,
        gradients.map((values) => values.slice(i * 18, (i + 1) * 18)),
      ),
    );
    close(together, alone.flat());
  }
});

test('state: a count, and mean and m2 of the map that the options leave', () => {
  const cases: [VogOptions, number[], number[]][] = [
    [{}, [5, 7, 3], [2, 5, 7]],
    [{ channels: 'separate' }, [5, 7, 3], [2, 5, 7, 3]],
    [{ pool: 2 }, [5, 7, 3], [2, 3, 4]],
    [{ pool: 2, channels: 'separate' }, [5, 7, 3], [2, 3, 4, 3]],
    [{ pool: 100 }, [5, 7, 3], [2, 1, 1]],
    [{}, [5, 7, 1], [2, 5, 7]],
    [{ channels: 'separate' }, [5, 7, 1], [2, 5, 7, 1]],
    [{}, [6], [2, 6]],
    [{}, [6, 2], [2, 6, 2]],
  ];
  for (const [options, shape, expected] of cases) {
    const metric = vog(options);
    const count = shape.reduce((product, n) => product * n, 2);
    for (const state of [initial(metric, 2, shape), fold(metric, 2, shape, [new Float32Array(count)])]) {
      assert.equal(Object.keys(state).toSorted(), ['count', 'm2', 'mean']);
      assert.equal(state['count']?.shape, []);
      assert.equal(state['mean']?.shape, expected, JSON.stringify({ options, shape }));
      assert.equal(state['m2']?.shape, expected);
    }
  }
});

test('the state follows the input that is asked for', () => {
  const metric = vog({ input: 1 });
  const state = metric.init({ size: 3, inputShape: [9], inputShapes: [[9], [4, 5, 3]], classes: 2 });
  assert.equal(state['mean']?.shape, [3, 4, 5]);
});

test('merge(first part, second part) = all at once, for every cut and every option; empty parts too', () => {
  const random = seededRandom(SEED + 1);
  const [size, shape] = [3, [3, 3, 2]];
  const gradients = Array.from({ length: 5 }, () => Array.from({ length: size * 18 }, () => 1 + random.normal()));
  for (const options of [{}, { ddof: 1 }, { channels: 'separate', reduce: 'variance' }, { pool: 2 }] as const) {
    const metric = vog(options);
    const expected = valuesOf(metric, fold(metric, size, shape, gradients), 5, size);
    for (let cut = 0; cut <= 5; cut++) {
      const [a, b] = [
        fold(metric, size, shape, gradients.slice(0, cut)),
        fold(metric, size, shape, gradients.slice(cut)),
      ];
      const merged = metric.merge?.(a, b) as MetricState;
      close(valuesOf(metric, merged, 5, size), expected, 3e-6);
    }
  }
});

test('a metric is pure: update leaves the state that it was given as it was', () => {
  const metric = vog();
  const state = fold(metric, 1, [2], VECTOR);
  const before = Object.values(state).map((tensor) => [...tensor.dataSync()]);
  metric.update(state, { gradient: tf.tensor2d([[100, -100]]) }, context(3, 1));
  assert.equal(
    Object.values(state).map((tensor) => [...tensor.dataSync()]),
    before,
  );
});

test('the hard end is what was seen of the reading: high, but low for the logit, with a note that says so', () => {
  const said = (activation?: 'logit' | 'softmax' | 'loss' | 'output') => {
    const { hardDirection, words, notes } = vog(activation === undefined ? {} : { activation });
    return [hardDirection, wordsOf(words, undefined)?.title, notes];
  };
  const title = 'Variance of Gradients (VoG) of the';
  assert.equal(said(), ['high', `${title} probability`, undefined]);
  assert.equal(said('softmax'), said());
  assert.equal(said('loss'), ['high', `${title} loss`, undefined]);
  assert.equal(said('output'), ['high', `${title} output`, undefined]);
  assert.equal(said('logit').slice(0, 2), ['low', `${title} logit`]);
  assert.match(String(said('logit')[2]), /Low is hard/);
  assert.equal(
    [vog.definition.hardDirection, wordsOf(vog.definition.words, undefined)?.title],
    ['high', `${title} probability`],
  );
});

test('the name is vog or the one given; what it needs depends on label', () => {
  assert.equal([vog().name, vog({ name: 'vog-softmax' }).name], ['vog', 'vog-softmax']);
  const needs = (label: VogOptions['label']): unknown =>
    vog(label === undefined ? {} : { label }).requires['gradient']?.needs?.labels;
  assert.equal(
    [needs(undefined), needs('true'), needs('predicted'), needs(Int32Array.of(0))],
    [true, true, false, false],
  );
});

test('variants differ in options, which a saved state must match; fixed labels by their values', () => {
  const identity = (options: VogOptions): string => JSON.stringify(vog(options).options);
  const fixed = (...labels: number[]): VogOptions => ({ label: Int32Array.from(labels) });
  const variants: VogOptions[] = [
    {},
    { activation: 'logit' },
    { activation: 'loss' },
    { label: 'predicted' },
    { input: 1 },
    { channels: 'separate' },
    { reduce: 'variance' },
    { ddof: 1 },
    { pool: 2 },
    fixed(0, 1),
    fixed(1, 0),
    fixed(0, 1, 0),
  ];
  assert.is(new Set(variants.map(identity)).size, variants.length);
  const defaults = {
    activation: 'softmax',
    label: 'true',
    input: 0,
    channels: 'mean',
    reduce: 'std',
    ddof: 0,
    pool: 1,
  } as const;
  assert.is(identity(defaults), identity({}));
  assert.is(identity(fixed(0, 1)), identity(fixed(0, 1)));
});

test('option values that do not exist, and unknown options, are ARGUMENT_INVALID and named', () => {
  const cases: [object, RegExp][] = [
    [{ activation: 'relu' }, /relu/],
    [{ label: 'given' }, /given/],
    [{ label: [0, 1] }, /Int32Array/],
    [{ label: null }, /label/],
    [{ input: -1 }, /-1/],
    [{ input: 0.5 }, /0\.5/],
    [{ channels: 'max' }, /channels.*max/],
    [{ reduce: 'sum' }, /reduce.*sum/],
    [{ ddof: 2 }, /ddof.*2/],
    [{ ddof: '0' }, /ddof/],
    [{ pool: 0 }, /pool.*0/],
    [{ pool: 1.5 }, /pool/],
    [{ pool: Number.NaN }, /pool/],
    [{ pools: 2 }, /'pools'/],
    [{ Activation: 'logit' }, /'Activation'/],
  ];
  for (const [options, part] of cases) {
    assert.throws(
      () => vog(options as VogOptions),
      (error: unknown) => error instanceof VogError && error.code === 'ARGUMENT_INVALID' && part.test(error.message),
      JSON.stringify(options),
    );
  }
  assert.throws(
    () => vog({ name: '2 words' }),
    (error: unknown) => error instanceof VogError && error.code === 'METRIC_INVALID',
  );
});

test('pool of an input that is no image is ARGUMENT_INVALID as the state is made', () => {
  assert.throws(
    () => initial(vog({ pool: 2 }), 1, [6]),
    (error: unknown) =>
      error instanceof VogError && error.code === 'ARGUMENT_INVALID' && /pool: 2.*\[6\]/.test(error.message),
  );
});

// Last: the others run on cpu.
keepsLaws(
  test,
  () => vog(),
  () => vog({ activation: 'loss', channels: 'separate', reduce: 'variance', ddof: 1 }),
  () => vog({ activation: 'logit', label: 'predicted', pool: 2 }),
);

test.run();
