// Only with --all: one metric takes seconds; together.test.ts runs them all
import { createTracker } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { grand } from '../grand/grand.js';
import { selfInfluence } from '../self-influence/self-influence.js';
import { vog } from '../vog/vog.js';

// The judge is tf.grads of the model's own loss with respect to its own last layer's weights, an example at a time.

const test = suite('last layer');
test.before(async () => {
  await selectBackend();
});

const size = 7;
const inputs = () => tf.randomNormal<tf.Rank.R2>([size, 5], 0, 1, 'float32', 3);

interface Head {
  readonly units: number;
  readonly activation: 'sigmoid' | 'softmax';
  readonly useBias: boolean;
  readonly loss: 'binaryCrossentropy' | 'sparseCategoricalCrossentropy';
}

const heads: Head[] = [true, false].flatMap((useBias): Head[] => [
  { units: 1, activation: 'sigmoid', useBias, loss: 'binaryCrossentropy' },
  { units: 2, activation: 'softmax', useBias, loss: 'sparseCategoricalCrossentropy' },
  { units: 4, activation: 'softmax', useBias, loss: 'sparseCategoricalCrossentropy' },
]);

/** Squared length of the gradient of each example's loss with respect to the last layer's weights. */
function squaredGradients(model: tf.Sequential, x: tf.Tensor2D, labels: Int32Array, units: number): number[] {
  const last = model.layers.at(-1)!;
  const hidden = tf.model({ inputs: model.inputs, outputs: model.layers.at(-2)!.output as tf.SymbolicTensor });
  return Array.from(labels, (label, example) =>
    tf.tidy(() => {
      const h = hidden.predict(x.slice([example, 0], [1, 5])) as tf.Tensor2D;
      const [kernel, bias] = last.getWeights();
      const lossOf = (w: tf.Tensor, b?: tf.Tensor): tf.Scalar => {
        const product = tf.matMul(h, w as tf.Tensor2D);
        const z = b === undefined ? product : tf.add(product, b);
        if (units === 1) return tf.losses.sigmoidCrossEntropy([[label]], z) as tf.Scalar;
        const target = tf.oneHot(tf.tensor1d([label], 'int32'), units);
        return tf.losses.softmaxCrossEntropy(target, z) as tf.Scalar;
      };
      const variables = bias === undefined ? [kernel!] : [kernel!, bias];
      const gradients = tf.grads(lossOf as (...weights: tf.Tensor[]) => tf.Tensor)(variables);
      return gradients.reduce((sum, gradient) => sum + tf.sum(tf.square(gradient)).dataSync()[0]!, 0);
    }),
  );
}

// Beside VoG the logits come from the gradient's forward pass.
const cases = heads.flatMap((head) => [false, true].map((besideVog) => ({ ...head, besideVog })));

for (const { units, activation, useBias, loss, besideVog } of cases) {
  const name = `${units} ${activation} ${units === 1 ? 'unit' : 'units'}${useBias ? '' : ' without bias'}${besideVog ? ', beside VoG' : ''}`;
  test(`${name}: self-influence and GraNd are those of the model's own loss and last weights`, async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          inputShape: [5],
          units: 6,
          activation: 'tanh',
          kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
        }),
        tf.layers.dense({
          units,
          activation,
          useBias,
          kernelInitializer: tf.initializers.glorotNormal({ seed: 2 }),
          biasInitializer: tf.initializers.randomNormal({ seed: 5 }),
        }),
      ],
    });
    model.compile({ optimizer: 'sgd', loss });
    const x = inputs();
    const labels = Int32Array.from({ length: size }, (_, example) => example % Math.max(2, units));
    const metrics = [
      selfInfluence({ bias: useBias, learningRate: 0.5 }),
      grand({ bias: useBias }),
      grand({ name: 'last', at: 'last', bias: useBias }),
      ...(besideVog ? [vog()] : []),
    ];
    const tracker = createTracker({ inputs: x, labels, metrics, chunkSize: 3 });
    try {
      const sums = { squared: new Float64Array(size), length: new Float64Array(size) };
      let last: number[] = [];
      for (const epoch of [0, 1]) {
        await tracker.checkpoint(model, { epoch });
        last = squaredGradients(model, x, labels, units);
        for (const [example, squared] of last.entries()) {
          sums.squared[example]! += 0.5 * squared;
          sums.length[example]! += Math.sqrt(squared) / 2;
        }
        const head = model.layers.at(-1)!;
        head.setWeights(head.getWeights().map((weights) => tf.mul(weights, -1.5)));
      }
      const expected: [string, ArrayLike<number>][] = [
        ['self-influence', sums.squared],
        ['grand', sums.length],
        ['last', last.map(Math.sqrt)],
      ];
      for (const [metric, right] of expected) {
        const { values } = await tracker.scores(metric);
        for (const [example, value] of values.entries()) {
          const relative = Math.abs(value / right[example]! - 1);
          assert.ok(relative < 1e-5, `${metric}, example ${example}: ${value}, of the gradient ${right[example]}`);
        }
      }
    } finally {
      tracker.dispose();
      model.dispose();
      x.dispose();
    }
  });
}

test.run();
