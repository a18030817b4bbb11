import { integer, oneOf, rowsOf } from '@vogjs/base/options';
import { logits } from '@vogjs/core';
import { bootBackend, normalTensor, randomOf, SEED } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defineDetector, defineStatistic, featureRows, featuresAt, fitDetectors, scoreOod } from '../index.js';
import { codedError, denseNetwork } from '../networks.test.helper.js';

const test = suite(`defineDetector (SEED=${SEED})`);
test.before(() => bootBackend('cpu'));

const FIT = 40;

function fitSetOf(salt: number): { inputs: tf.Tensor; labels: Int32Array } {
  const random = randomOf(salt);
  return { inputs: normalTensor(random, [FIT, 6]), labels: Int32Array.from({ length: FIT }, (_, i) => i % 4) };
}

test("a detector of one's own: fitted, scored, of either direction", async () => {
  const meanNorm = defineStatistic({
    name: 'test.mean-norm',
    requires: { features: featuresAt() },
    begin: () => {
      let [sum, count] = [0, 0];
      return {
        visit: ({ features }) => ({ norms: tf.norm(features, 'euclidean', 1) }),
        receive: ({ norms }) => {
          for (const value of norms!.data) sum += value;
          count += norms!.data.length;
        },
        finish: () => sum / count,
      };
    },
  });
  const normRatio = defineDetector({
    name: 'norm-ratio',
    oodDirection: 'high',
    requires: { features: featuresAt() },
    fit: {
      statistics: { meanNorm, rows: featureRows() },
      finish: ({ meanNorm: mean, rows }, { examples, classes }) => {
        assert.equal([examples, classes, rows.shape], [FIT, 4, [FIT, 8]]);
        return { mean: { data: Float64Array.of(mean), shape: [] } };
      },
    },
    score: ({ features }, { mean }) => tf.div(tf.norm(features, 'euclidean', 1), mean),
  });
  const model = denseNetwork(randomOf(15));
  const fitSet = fitSetOf(16);
  const { 'norm-ratio': scores } = await scoreOod(
    model,
    { inputs: fitSet.inputs },
    await fitDetectors(model, fitSet, [normRatio]),
  );
  assert.is(scores.oodDirection, 'high');
  const mean = [...(scores.values as Float64Array)].reduce((a, b) => a + b, 0) / FIT;
  assert.ok(Math.abs(mean - 1) < 1e-5, `the ratio's mean over the fit set is 1, not ${mean}`);
  model.dispose();
});

/** Largest or mean logit, less its mean over the fit set, times a factor. */
const centred = defineDetector({
  name: 'centred-logit',
  oodDirection: 'high',
  version: 3,
  options: {
    of: oneOf('max', 'mean').about('Which logit counts.'),
    factor: integer(1).default(2).about('Factor of the score.'),
  },
  contradiction: ({ of, factor }) =>
    of === 'mean' && factor > 9 ? 'factor must be at most 9 with the mean' : undefined,
  requires: () => ({ logits }),
  fit: {
    statistics: () => ({ rows: featureRows() }),
    finish: ({ rows }, { examples }, { factor, name }) => {
      assert.is(rows.shape[0], examples);
      return { shift: { data: Float64Array.of(factor * name.length), shape: [] } };
    },
  },
  score: (resources, { shift }, _, { of, factor }) => {
    const value = of === 'max' ? tf.max(resources.logits, 1) : tf.mean(resources.logits, 1);
    return tf.add(tf.mul(value, factor), shift);
  },
});

test('with options it gives a factory: name, options and direction of its detectors; every hook gets the options', async () => {
  const model = denseNetwork(randomOf(1));
  const fitSet = fitSetOf(2);
  const [first, second] = [centred(), centred({ name: 'mine', of: 'mean', factor: 5 })] as const;
  assert.equal([first.name, first.oodDirection, first.version], ['centred-logit', 'high', 3]);
  assert.equal(
    [first.options, second.options],
    [
      { of: 'max', factor: 2 },
      { of: 'mean', factor: 5 },
    ],
  );
  const scores = await scoreOod(model, { inputs: fitSet.inputs }, await fitDetectors(model, fitSet, [first, second]));
  const rows = (model.predict(fitSet.inputs) as tf.Tensor).arraySync() as number[][];
  const probabilities = rows.map((row) => row.map(Math.log));
  // Logits are logarithms of probabilities but for a shift that is the same for a row: it cancels in max - mean.
  for (const [i, row] of probabilities.entries()) {
    const [max, mean] = [Math.max(...row), row.reduce((a, b) => a + b, 0) / row.length];
    const found = (scores['centred-logit'].values[i]! - 2 * 13) / 2 - (scores.mine.values[i]! - 5 * 4) / 5;
    assert.ok(Math.abs(found - (max - mean)) < 1e-4, `${i}: ${found}, expected ${max - mean}`);
  }
  model.dispose();
});

test('the factory carries its definition: kind, name, the call, direction and options', () => {
  const { definition } = centred;
  assert.equal([definition.kind, definition.name, definition.call], ['detector', 'centred-logit', 'centredLogit']);
  assert.equal([definition.oodDirection, definition.version, centred.name], ['high', 3, 'centredLogit']);
  assert.equal(
    rowsOf(definition.options).map((row) => [row.name, row.default]),
    [
      ['name', "'centred-logit'"],
      ['of', "'max'"],
      ['factor', '2'],
    ],
  );
});

test('its options are refused under its name', async () => {
  const refused = (make: () => unknown, message: string, code = 'ARGUMENT_INVALID'): void =>
    assert.throws(make, (error: { code: string; message: string }) => {
      assert.equal([error.code, error.message], [code, message]);
      return true;
    });
  refused(() => centred({ fctor: 1 } as never), "centredLogit: unknown option 'fctor'. Known: name, of, factor.");
  refused(() => centred({ factor: 0 }), 'centredLogit: factor must be a whole number of at least 1; got 0.');
  refused(() => centred({ of: 'mean', factor: 10 }), 'centredLogit: factor must be at most 9 with the mean.');
  refused(() => centred(5 as never), 'centredLogit: options must be an object { name, of, factor }; got 5.');
  refused(
    () => centred({ name: 'a b' }),
    "A detector's name must start with a letter and hold letters, digits, '.', '-' or '_' only; got 'a b'.",
    'DETECTOR_INVALID',
  );
});

test('a factory may have another name than its detectors, and say what identifies them', () => {
  const layered = defineDetector({
    name: 'a',
    call: 'anotherName',
    options: { at: oneOf('map', 'pool') },
    requires: ({ at }) => ({ features: featuresAt(at) }),
    identity: (_, { features }) => ({ features: features.key }),
    score: ({ features }) => tf.sum(features, 1),
  });
  assert.equal([layered.name, layered.definition.call], ['anotherName', 'anotherName']);
  assert.equal(layered({ at: 'pool' }).options, { features: featuresAt('pool').key });
  assert.throws(() => layered({ at: 'x' as never }), /^anotherName: at must be 'map' or 'pool'; got "x"/);
});

test('with options, what requires or fit.statistics give is looked at when a detector is made', async () => {
  const score = (): tf.Tensor => tf.zeros([1]);
  const define = defineDetector as unknown as (definition: unknown) => () => unknown;
  const make = (parts: object): (() => unknown) => define({ name: 'a', score, ...parts });
  await codedError(make({ requires: () => ({ logits: 5 }) }), 'DETECTOR_INVALID', /requires\.logits is not a resource/);
  const finish = (): object => ({});
  const fitting = (statistics: unknown): object => ({ requires: () => ({ logits }), fit: { statistics, finish } });
  await codedError(make(fitting(() => ({}))), 'DETECTOR_INVALID', /at least one statistic/);
  await codedError(() => make(fitting({ rows: featureRows() })), 'DETECTOR_INVALID', /function of the options/);
  await codedError(() => make({ requires: () => ({ logits }), options: { at: 'mean' } }), 'DETECTOR_INVALID', /oneOf/);
  await codedError(() => make({ requires: { logits }, identity: finish }), 'DETECTOR_INVALID', /identity is of/);
});

test('a definition that is incomplete is refused: DETECTOR_INVALID', async () => {
  const score = (): tf.Tensor => tf.zeros([1]);
  const bad: readonly object[] = [
    { name: '', requires: {}, score },
    { name: 'a b', requires: {}, score },
    { name: 'a', requires: {}, score: 5 },
    { name: 'a', requires: { logits: 5 }, score },
    { name: 'a', requires: null, score },
    { name: 'a', requires: {}, score, oodDirection: 'up' },
    { name: 'a', requires: {}, score, fit: { statistics: {}, finish: () => ({}) } },
    { name: 'a', requires: {}, score, fit: { statistics: { rows: featureRows }, finish: () => ({}) } },
    { name: 'a', requires: {}, score, fit: { statistics: { rows: featureRows() } } },
  ];
  for (const definition of bad) await codedError(() => defineDetector(definition as never), 'DETECTOR_INVALID');
});

test.run();
