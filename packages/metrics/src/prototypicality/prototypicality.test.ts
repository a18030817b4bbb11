// Only with --all: one metric takes seconds; together.test.ts runs them all
import { selectBackend } from '@vogjs/core/node';
import { testBackends } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { firstBackend, goldenFile, headModel, moveTo, run } from '../golden.test.helper.js';
import { assertClose } from '../runs.test.helper.js';
import { prototypicality } from './prototypicality.js';

const expected = goldenFile(import.meta.url, 'prototypicality') as Record<'cosine' | 'euclidean', number[]>;
const test = suite('prototypicality');
test.before.each(firstBackend);

for (const backend of testBackends()) {
  test(`${backend}: both distances agree with NumPy`, async () => {
    await selectBackend(backend);
    const model = headModel();
    moveTo(model, run.rates.length - 1);
    const probe = { inputs: tf.tensor2d(run.features), labels: Int32Array.from(run.labels) };
    for (const distance of ['cosine', 'euclidean'] as const) {
      const scores = await prototypicality(model, probe, { distance, chunkSize: 5 });
      assertClose(scores.values, expected[distance], distance);
      assert.is(scores.hardDirection, 'high');
    }
    model.dispose();
  });
}

test('a single class: distances from one centre; the only example of a class is its own', async () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
  const inputs = tf.tensor2d([
    [0, 0],
    [2, 0],
    [5, 5],
  ]);
  const one = await prototypicality(model, { inputs, labels: Int32Array.of(0, 0, 0) }, { distance: 'euclidean' });
  const centre = [7 / 3, 5 / 3] as const;
  const expected = [
    [0, 0],
    [2, 0],
    [5, 5],
  ].map(([x = 0, y = 0]) => Math.hypot(x - centre[0], y - centre[1]));
  assertClose(one.values, expected, 'distance');
  assert.equal(one.notes, []);
  const lonely = await prototypicality(model, { inputs, labels: Int32Array.of(0, 0, 1) });
  assertClose(lonely.values, [1, 0, 0], 'cosine', { floor: 1e-6 });
  assert.match(lonely.notes.join(), 'one example');
  model.dispose();
});

test.run();
