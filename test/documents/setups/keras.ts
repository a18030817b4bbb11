// What the page on Keras checkpoints takes for granted, where the program runs: three checkpoints of its network by the
// names of Keras, pictures, labels, and the logits of the last checkpoint, in loops; and the network as `network`.
import { mkdirSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '@vogjs/base';
import { writeNpy, writeNpz } from '@vogjs/formats';

declare global {
  var network: tf.LayersModel;
}

const SHAPES: Readonly<Record<string, number[]>> = {
  'conv/kernel': [5, 5, 1, 4],
  'conv/bias': [4],
  'bn/gamma': [4],
  'bn/beta': [4],
  'bn/moving_mean': [4],
  'bn/moving_variance': [4],
  'fc/kernel': [576, 10],
  'fc/bias': [10],
};
const CHECKED = 4;
const IMAGES = 12;
const random = seededRandom(4);
type Weights = Record<string, Float32Array>;

function draw(): Weights {
  const entries = Object.entries(SHAPES).map(([name, shape]) => {
    const length = shape.reduce((product, n) => product * n, 1);
    const low = name === 'bn/moving_variance' ? 0.5 : -0.1;
    return [name, Float32Array.from({ length }, () => low + 0.3 * random.uniform())];
  });
  return Object.fromEntries(entries) as Weights;
}

/** Convolution, stride 2; relu; batch normalisation; flattened channels last; dense. Loops, as a reference. */
function logitsOf(weights: Weights, pixels: Float32Array): number[] {
  const of = (name: string, at: number): number => weights[name]![at]!;
  const flat: number[] = [];
  for (let at = 0; at < 144; at++) {
    for (let channel = 0; channel < 4; channel++) {
      const [top, left] = [2 * Math.floor(at / 12), 2 * (at % 12)];
      let sum = of('conv/bias', channel);
      for (let tap = 0; tap < 25; tap++) {
        sum += of('conv/kernel', tap * 4 + channel) * pixels[(top + Math.floor(tap / 5)) * 28 + left + (tap % 5)]!;
      }
      const scale = of('bn/gamma', channel) / Math.sqrt(of('bn/moving_variance', channel) + 1e-3);
      flat.push((Math.max(0, sum) - of('bn/moving_mean', channel)) * scale + of('bn/beta', channel));
    }
  }
  return Array.from({ length: 10 }, (_, unit) =>
    flat.reduce((sum, value, i) => sum + value * of('fc/kernel', i * 10 + unit), of('fc/bias', unit)),
  );
}

mkdirSync('ckpt');
let last = draw();
for (const epoch of [1, 2, 3]) {
  last = draw();
  const tensors = Object.entries(last).map(([name, data]) => [`sequential/${name}`, { data, shape: SHAPES[name]! }]);
  writeFileSync(`ckpt/epoch-${epoch}.npz`, await writeNpz(Object.fromEntries(tensors)));
}
const images = Float32Array.from({ length: IMAGES * 784 }, () => random.uniform());
writeFileSync('images.npy', writeNpy({ data: images, shape: [IMAGES, 28, 28, 1] }));
writeFileSync('labels.csv', `label\n${Array.from({ length: IMAGES }, (_, i) => i % 10).join('\n')}\n`);
const logits = Array.from({ length: CHECKED }, (_, i) => logitsOf(last, images.subarray(i * 784, (i + 1) * 784)));
writeFileSync('logits.npy', writeNpy({ data: Float32Array.from(logits.flat()), shape: [CHECKED, 10] }));

const { conv2d, batchNormalization, flatten, dense } = tf.layers;
globalThis.network = tf.sequential({
  layers: [
    conv2d({ name: 'conv', inputShape: [28, 28, 1], filters: 4, kernelSize: 5, strides: 2, activation: 'relu' }),
    batchNormalization({ name: 'bn' }),
    flatten(),
    dense({ name: 'fc', units: 10 }),
  ],
});
