// What a probability of 0 or 1 leaves of a score: float64 as far as float32 goes, then ties that are told.
import * as tf from '@tensorflow/tfjs';
import { createTracker, type Scores } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testBackends, useBackend } from '../support/backend.js';

const test = suite('saturated');
const WEIGHTS = [1, 1.25];

/** VoG of two classes with the logits (w x, 0), of the first, at two checkpoints. */
async function scored(inputs: readonly number[], activation: 'softmax' | 'loss'): Promise<Scores> {
  const tracker = createTracker({
    inputs: { data: [...inputs], shape: [inputs.length, 1] },
    labels: inputs.map(() => 0),
    metrics: [vog({ activation })],
  });
  for (const [epoch, w] of WEIGHTS.entries()) {
    const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => {
      const z = tf.mul(x as tf.Tensor, w);
      return tf.concat([z, tf.zerosLike(z)], 1);
    };
    await tracker.checkpoint(model, { epoch });
  }
  const scores = await tracker.scores();
  tracker.dispose();
  return scores;
}

/** The same in float64: half the distance of the two gradients w p (1 - p). */
function expected(x: number): number {
  const [a, b] = WEIGHTS.map((w) => w / (1 + Math.exp(-w * x)) / (1 + Math.exp(w * x))) as [number, number];
  return Math.abs(a - b) / 2;
}

for (const backend of testBackends()) {
  test(`${backend}: VoG of the probability is that of float64 from chance to a probability of 1 - 1e-17, right or wrong`, async () => {
    await useBackend(backend);
    const inputs = [0, 0.5, 2, 8, 16, 17, 20, 32, 40].flatMap((x) => [x, -x]);
    const { values, notes } = await scored(inputs, 'softmax');
    for (const [i, x] of inputs.entries()) {
      const relative = Math.abs((values[i] as number) / expected(x) - 1);
      assert.ok(relative < 1e-4, `logit ${x}: ${values[i]}, float64 ${expected(x)}`);
    }
    assert.equal(notes, []);
  });

  test(`${backend}: beyond, examples tie at 0, the certainly right with the certainly wrong: one percentile, and a note`, async () => {
    await useBackend(backend);
    const inputs = [300, 1, -300, -2, 300];
    const scores = await scored(inputs, 'softmax');
    assert.equal(
      [0, 2, 4].map((i) => scores.values[i]),
      [0, 0, 0],
    );
    assert.equal([...scores.percentiles()], [30, 90, 30, 70, 30]);
    assert.equal(
      scores.hardest(5).map(({ index }) => index),
      [1, 3, 0, 2, 4],
      'equals in probe order',
    );
    assert.equal(scores.notes.length, 1);
    assert.match(scores.notes[0] as string, /^3 of 5 examples have a score of exactly 0 and rank as equals/);
    const z = scores.normalise('dataset').values;
    assert.ok(z[0] === z[2] && z[2] === z[4] && z.every(Number.isFinite));
    // The loss tells them apart.
    const { values: losses } = await scored(inputs, 'loss');
    assert.equal([losses[0], losses[4]], [0, 0]);
    assert.ok((losses[2] as number) > 0.1);
  });

  test(`${backend}: where every example is certain, nobody is hard: all share the percentile 50, and notes say why`, async () => {
    await useBackend(backend);
    const scores = await scored([300, -300, 400], 'softmax');
    assert.equal([...scores.values], [0, 0, 0]);
    assert.equal([...scores.percentiles()], [50, 50, 50]);
    assert.match(scores.notes.join(' '), /gradient was exactly 0 for every example at every checkpoint/);
  });
}

test.run();
