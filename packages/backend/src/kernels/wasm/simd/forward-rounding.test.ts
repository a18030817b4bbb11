// Only with --all: float64 references of whole convolutions take seconds.
import * as tf from '@tensorflow/tfjs';
import { bootBackend, normalTensorsFrom, runSeed, uniformFrom } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repairBackend } from '../../../repair/repair.js';
import { exactConvolutions } from './exact.js';
import { useOwnKernels } from './kernels.js';

const seed = runSeed();
const normal = normalTensorsFrom(uniformFrom(seed));
const test = suite(`rounding of forward convolutions on wasm (seed ${seed})`);
test.before.each(async () => {
  await bootBackend('wasm');
  repairBackend();
});
test.after.each(() => {
  useOwnKernels(true);
  exactConvolutions(false);
});

/** The 3 x 3 convolution with padding 'same', in float64. */
function float64(x: tf.Tensor4D, filter: tf.Tensor4D): Float64Array {
  const [batch, height, width, channels] = x.shape;
  const outputs = filter.shape[3];
  const [values, weights] = [x.dataSync(), filter.dataSync()];
  const y = new Float64Array(batch * height * width * outputs);
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const to = ((n * height + i) * width + j) * outputs;
        for (let tap = 0; tap < 9; tap++) {
          const [row, column] = [i + Math.floor(tap / 3) - 1, j + (tap % 3) - 1];
          if (row < 0 || column < 0 || row >= height || column >= width) continue;
          const from = ((n * height + row) * width + column) * channels;
          for (let c = 0; c < channels; c++) {
            const value = values[from + c]!;
            const weight = (tap * channels + c) * outputs;
            for (let o = 0; o < outputs; o++) y[to + o]! += value * weights[weight + o]!;
          }
        }
      }
    }
  }
  return y;
}

const rootMeanSquare = (y: tf.Tensor, expected: Float64Array): number => {
  const values = y.dataSync();
  const sum = expected.reduce((total, value, i) => total + (values[i]! - value) ** 2, 0);
  return Math.sqrt(sum / expected.length);
};

for (const channels of [16, 32, 64, 128, 256, 512]) {
  test(`${channels} channels: no more than TensorFlow.js's own kernel`, () => {
    tf.tidy(() => {
      const x = tf.relu(normal(2, 12, 12, channels)) as tf.Tensor4D;
      const filter = normal(3, 3, channels, 24) as tf.Tensor4D;
      const expected = float64(x, filter);
      const run = (): tf.Tensor => tf.conv2d(x, filter, 1, 'same');
      const fast = run();
      exactConvolutions(true);
      const exact = run();
      useOwnKernels(false);
      const stock = run();
      const [own, byTaps, theirs] = [fast, exact, stock].map((y) => rootMeanSquare(y, expected)) as [
        number,
        number,
        number,
      ];
      assert.ok(own <= 1.1 * theirs, `${own} beside ${theirs}`);
      assert.ok(byTaps <= 1.1 * theirs, `${byTaps} beside ${theirs}`);
      assert.ok(own !== byTaps && byTaps !== theirs, 'two were computed in one way');
    });
  });
}

test.run();
