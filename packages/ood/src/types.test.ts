// What must not compile: `tsc -b` checks every @ts-expect-error. The run checks that the definitions that do are good.
import { logits } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  defineDetector,
  defineStatistic,
  type Detector,
  energy,
  featuresAt,
  fitDetectors,
  msp,
  odin,
  type OodScores,
  scoreOod,
  vogOod,
} from './index.js';

const test = suite('types of detectors');

/** Never called: its body is for the compiler. */
const compiles = (body: () => unknown): void => assert.type(body, 'function');
const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => x as tf.Tensor;
const examples = { inputs: { data: [0], shape: [1, 1] } };

test('scores have the names of the detectors, and no other', () => {
  compiles(async () => {
    const scores = await scoreOod(model, examples, [energy(), msp(), odin({ name: 'odin-1' })]);
    const known: OodScores[] = [scores.energy, scores.msp, scores['odin-1']];
    // @ts-expect-error the detector has another name
    const renamed = scores.odin;
    // @ts-expect-error not asked for
    const other = scores.knn;
    const fitted = await fitDetectors(model, examples, [energy()]);
    const { energy: one } = await scoreOod(model, examples, fitted);
    // @ts-expect-error not fitted
    const two = (await scoreOod(model, examples, fitted)).msp;
    return [known, renamed, other, one, two];
  });
  compiles(async () => {
    const list: Detector[] = [energy()];
    const scores = await scoreOod(model, examples, list);
    // @ts-expect-error of a list whose names are not known, any score may be missing
    const sure: OodScores = scores['energy'];
    return sure;
  });
  assert.is(odin({ name: 'odin-1' }).name, 'odin-1');
});

test('a detector reads the resources, statistics and state that it declares', () => {
  const count = defineStatistic({
    name: 'count',
    requires: { features: featuresAt() },
    begin: () => ({
      visit: ({ features }) => ({ size: tf.scalar(features.shape[0]) }),
      receive: () => {},
      finish: () => 5,
    }),
  });
  const detector = defineDetector({
    name: 'good',
    requires: { a: logits },
    fit: { statistics: { count }, finish: ({ count: n }) => ({ mean: { data: Float64Array.of(n), shape: [] } }) },
    score: ({ a }, { mean }) => tf.mul(tf.max(a, 1), mean),
  });
  assert.is(detector.oodDirection, 'low');
  compiles(() =>
    defineDetector({
      name: 'bad',
      requires: { a: logits },
      // @ts-expect-error a resource that was not declared
      score: ({ b }) => tf.max(b as tf.Tensor, 1),
    }),
  );
  compiles(() =>
    defineDetector({
      name: 'bad',
      requires: { a: logits },
      fit: {
        statistics: { count },
        // @ts-expect-error a statistic that was not declared
        finish: ({ sum }) => ({ mean: { data: Float64Array.of(sum as number), shape: [] } }),
      },
      score: ({ a }) => tf.max(a, 1),
    }),
  );
  compiles(() => msp({ temperature: 2 }));
  // @ts-expect-error an unknown option
  compiles(() => msp({ temp: 2 }));
});

test('vogOod gives the sets that it is given, and needs one named in', () => {
  compiles(async (tracker?: never) => {
    const scores = await vogOod({ in: tracker!, noise: { tracker: tracker!, from: 5 } });
    const both = [scores.in.values, scores.noise.notes];
    // @ts-expect-error no such set
    const other = scores.textures;
    return [both, other];
  });
  // @ts-expect-error without the in-distribution set
  compiles((tracker?: never) => vogOod({ noise: tracker! }));
});

test.run();
