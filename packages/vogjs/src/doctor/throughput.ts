import { seededRandom } from '@vogjs/base';
import type * as tfjs from '@tensorflow/tfjs';
import type { GradientUnderTest } from './gradient-check.js';

/** Networks that doctor times: LeNet-sized at 28x28x1, and ResNet-18 at 32x32x3. */
export type TimedNetwork = 'lenet' | 'resnet18';

const SIZES = {
  lenet: { input: [28, 28, 1], trial: 8, largest: 256 },
  resnet18: { input: [32, 32, 3], trial: 1, largest: 32 },
} as const;
const SECONDS = 1;
/** Seconds of a first trial after which its own, low figure is taken: nobody waits for a better one. */
const TOO_SLOW = 15;
const CLASSES = 10;

/**
 * Images per second of a forward pass with its input gradient, over about a second. The batch is what the backend does
 * in a second, up to where larger ones gain nothing, so that a slow backend is not asked for a minute's work.
 */
export async function measureThroughput(under: GradientUnderTest, network: TimedNetwork): Promise<number> {
  const { input, trial, largest } = SIZES[network];
  const { tf } = under;
  const build = network === 'lenet' ? lenet : resnet18;
  const { forward, parameters } = build(tf, parameterSource(tf));
  const random = seededRandom(3);
  const time = async (batch: number): Promise<number> => {
    const values = Float32Array.from({ length: batch * input[0] * input[1] * input[2] }, () => random.uniform());
    const x = tf.tensor(values, [batch, ...input]);
    const labels = Array.from({ length: batch }, (_, i) => i % CLASSES);
    const started = performance.now();
    const dx = tf.tidy(() => under.gradient(forward, x, labels));
    // Nothing is done before the result is read on a backend that works in the background.
    await dx.data();
    const seconds = (performance.now() - started) / 1000;
    tf.dispose([x, dx]);
    return seconds;
  };
  try {
    const cold = await time(trial); // compiles shaders, allocates
    if (cold > TOO_SLOW) return trial / cold;
    const rate = trial / (await time(trial));
    const batch = Math.min(largest, Math.max(trial, 2 ** Math.floor(Math.log2(SECONDS * rate))));
    if (batch > trial) await time(batch);
    let images = 0;
    let seconds = 0;
    while (seconds < SECONDS) {
      seconds += await time(batch);
      images += batch;
    }
    return images / seconds;
  } finally {
    tf.dispose(parameters);
  }
}

interface Built {
  readonly forward: (x: tfjs.Tensor) => tfjs.Tensor;
  readonly parameters: tfjs.Tensor[];
}

/** Makes parameters and remembers them for disposal. */
interface ParameterSource {
  readonly made: tfjs.Tensor[];
  filters(size: number, inputs: number, outputs: number): tfjs.Tensor4D;
  weights(inputs: number, outputs: number): tfjs.Tensor2D;
  constant(size: number, value: number): tfjs.Tensor1D;
}

function parameterSource(tf: typeof tfjs): ParameterSource {
  const random = seededRandom(5);
  const made: tfjs.Tensor[] = [];
  const normal = (shape: number[], fanIn: number): tfjs.Tensor => {
    const count = shape.reduce((a, b) => a * b, 1);
    const tensor = tf.tensor(
      Float32Array.from({ length: count }, () => random.normal() * Math.sqrt(2 / fanIn)),
      shape,
    );
    made.push(tensor);
    return tensor;
  };
  return {
    made,
    filters: (size, inputs, outputs) => normal([size, size, inputs, outputs], size * size * inputs) as tfjs.Tensor4D,
    weights: (inputs, outputs) => normal([inputs, outputs], inputs) as tfjs.Tensor2D,
    constant(size, value) {
      const tensor = tf.fill([size], value) as tfjs.Tensor1D;
      made.push(tensor);
      return tensor;
    },
  };
}

/** The demo's network: conv 8 of 5x5, pool, conv 16 of 3x3, pool, dense 64, dense 10. */
function lenet(tf: typeof tfjs, source: ParameterSource): Built {
  const first = source.filters(5, 1, 8);
  const second = source.filters(3, 8, 16);
  const hidden = source.weights(7 * 7 * 16, 64);
  const head = source.weights(64, CLASSES);
  const [firstBias, secondBias, hiddenBias] = [8, 16, 64].map((size) => source.constant(size, 0.01)) as [
    tfjs.Tensor1D,
    tfjs.Tensor1D,
    tfjs.Tensor1D,
  ];
  const forward = (x: tfjs.Tensor): tfjs.Tensor => {
    const convolved = tf.relu(tf.add(tf.conv2d(x as tfjs.Tensor4D, first, 1, 'same'), firstBias));
    const pooled = tf.maxPool(convolved as tfjs.Tensor4D, 2, 2, 'valid');
    const again = tf.relu(tf.add(tf.conv2d(pooled, second, 1, 'same'), secondBias));
    const flat = tf.reshape(tf.maxPool(again as tfjs.Tensor4D, 2, 2, 'valid'), [x.shape[0] ?? 1, -1]);
    return tf.matMul(tf.relu(tf.add(tf.matMul(flat, hidden), hiddenBias)), head);
  };
  return { forward, parameters: source.made };
}

/** ResNet-18 as it is used on 32x32 images (He et al. 2016): a 3x3 stem, four stages of two basic blocks. */
function resnet18(tf: typeof tfjs, source: ParameterSource): Built {
  type Layer = (x: tfjs.Tensor4D) => tfjs.Tensor4D;
  const convolution = (size: number, inputs: number, outputs: number, stride: number): Layer => {
    const filters = source.filters(size, inputs, outputs);
    const [mean, variance, offset, scale] = [0, 1, 0, 1].map((value) => source.constant(outputs, value)) as [
      tfjs.Tensor1D,
      tfjs.Tensor1D,
      tfjs.Tensor1D,
      tfjs.Tensor1D,
    ];
    return (x) => tf.batchNorm(tf.conv2d(x, filters, stride, 'same'), mean, variance, offset, scale) as tfjs.Tensor4D;
  };
  const layers: Layer[] = [];
  const stem = convolution(3, 3, 64, 1);
  layers.push((x) => tf.relu(stem(x)));
  let inputs = 64;
  for (const [outputs, firstStride] of [
    [64, 1],
    [128, 2],
    [256, 2],
    [512, 2],
  ] as const) {
    for (const stride of [firstStride, 1]) {
      const first = convolution(3, inputs, outputs, stride);
      const second = convolution(3, outputs, outputs, 1);
      const shortcut = inputs === outputs ? (x: tfjs.Tensor4D) => x : convolution(1, inputs, outputs, stride);
      layers.push((x) => tf.relu(tf.add(second(tf.relu(first(x))), shortcut(x))));
      inputs = outputs;
    }
  }
  const head = source.weights(512, CLASSES);
  const forward = (x: tfjs.Tensor): tfjs.Tensor => {
    const trunk = layers.reduce((value, layer) => layer(value), x as tfjs.Tensor4D);
    return tf.matMul(tf.mean(trunk, [1, 2]) as tfjs.Tensor2D, head);
  };
  return { forward, parameters: source.made };
}
