// Only with --all: one metric takes seconds; together.test.ts runs them all
import { selectBackend } from '@vogjs/core/node';
import { testBackends } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { firstBackend, goldenFile, headModel, moveTo, run } from '../golden.test.helper.js';
import { depthsOf, predictionDepth } from './prediction-depth.js';

const expected = goldenFile(import.meta.url, 'prediction-depth') as { neighbours: number; depth: number[] };
const test = suite('prediction depth');
test.before.each(firstBackend);

for (const backend of testBackends()) {
  test(`${backend}: agrees with NumPy`, async () => {
    await selectBackend(backend);
    const model = headModel();
    moveTo(model, run.rates.length - 1);
    const probe = { inputs: tf.tensor2d(run.features), labels: Int32Array.from(run.labels) };
    const depth = await predictionDepth(model, probe, { layers: ['h', 'head'], k: expected.neighbours });
    assert.equal([...depth.values], expected.depth);
    assert.is(depth.hardDirection, 'high');
    model.dispose();
  });
}

test('the votes must hold to the end; too few neighbours are refused', async () => {
  assert.equal(
    depthsOf(
      [
        [1, 1, 0],
        [0, 1, 1],
        [1, 1, 0],
      ],
      [1, 1, 1],
    ),
    [2, 0, 3],
  );
  const model = tf.sequential({ layers: [tf.layers.dense({ name: 'd', units: 2, inputShape: [2] })] });
  const probe = {
    inputs: tf.tensor2d([
      [0, 0],
      [1, 1],
    ]),
    labels: Int32Array.of(0, 1),
  };
  try {
    await predictionDepth(model, probe, { layers: ['d'] });
    assert.unreachable();
  } catch (error) {
    assert.is((error as { code?: string }).code, 'SAMPLE_TOO_SMALL');
  }
  model.dispose();
});

test('it takes a reference of its own, unlabelled probe and pooled maps', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.activation({ name: 'map', activation: 'linear', inputShape: [2, 1, 2] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, useBias: false }),
    ],
  });
  // Logits are the sums of the two channels.
  tf.tidy(() =>
    model.setWeights([
      tf.tensor2d([
        [1, 0],
        [0, 1],
        [1, 0],
        [0, 1],
      ]),
    ]),
  );
  // Two references near one another in the mean over positions and far apart place by place.
  const reference = {
    inputs: tf.tensor4d([4, 0, 0, 0, 0, 0, 0, 2.5], [2, 2, 1, 2]),
    labels: Int32Array.of(0, 1),
  };
  const inputs = tf.tensor4d([0, 0, 2.2, 0], [1, 2, 1, 2]);
  const depthOf = async (pool: 'none' | 'average') => {
    const { values, labels } = await predictionDepth(model, { inputs }, { layers: ['map'], k: 1, reference, pool });
    assert.is(labels, null);
    return values[0];
  };
  assert.is(await depthOf('average'), 0, 'the pooled neighbour is of class 0, as predicted');
  assert.is(await depthOf('none'), 1, 'place by place the neighbour is of class 1');
  model.dispose();
});

test.run();
