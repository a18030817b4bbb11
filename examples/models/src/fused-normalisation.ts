import * as tf from '@tensorflow/tfjs';
import { type Call, type PatchedLayer, runNative, single } from './native-call.js';

type Weight = ReturnType<tf.layers.Layer['addWeight']>;

/** What the layer of batch normalisation keeps; its class is not exported. */
export interface Normalisation extends PatchedLayer {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma?: Weight;
  readonly beta?: Weight;
  readonly movingMean: Weight;
  readonly movingVariance: Weight;
}

/** Whether TensorFlow's fused operation does what the layer does: images, channels last, scale and offset. */
export function isNormalisation(layer: PatchedLayer): layer is Normalisation {
  if (layer.getClassName() !== 'BatchNormalization') return false;
  const { axis, gamma, beta, outputShape } = layer as Normalisation;
  const rank = (outputShape as tf.Shape).length;
  return rank === 4 && (axis === -1 || axis === 3) && gamma !== undefined && beta !== undefined;
}

/** The layer's call with `FusedBatchNormV3` while training. */
export function normalised(layer: Normalisation, call: Call): Call {
  return (inputs, kwargs) => {
    if (kwargs.training !== true) return call(inputs, kwargs);
    return tf.tidy(() => {
      const x = single(inputs);
      const statistics: tf.Tensor[] = [];
      const y = fusedNormalisation(
        x,
        layer.gamma?.read() as tf.Tensor,
        layer.beta?.read() as tf.Tensor,
        layer.epsilon,
        statistics,
      );
      const [mean, variance] = statistics as [tf.Tensor, tf.Tensor];
      const count = x.size / (x.shape.at(-1) as number);
      // TensorFlow gives the sample's variance, for its own moving average; the layer keeps the population's.
      moveTowards(layer.movingMean, mean, layer.momentum);
      moveTowards(layer.movingVariance, tf.mul(variance, (count - 1) / count), layer.momentum);
      tf.dispose(statistics);
      return y;
    });
  };
}

function moveTowards(variable: Weight, value: tf.Tensor, momentum: number): void {
  const before = variable.read();
  variable.write(tf.sub(before, tf.mul(tf.sub(before, value), 1 - momentum)));
}

/** The normalised input; puts the batch's mean and sample variance, kept, into `statistics`. */
function fusedNormalisation(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  statistics: tf.Tensor[],
): tf.Tensor {
  const attributes = { T: 'float', U: 'float', epsilon, data_format: 'NHWC', is_training: true } as const;
  const operation = tf.customGrad((...parameters) => {
    const [input, scale, offset, save] = parameters as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const empty = tf.tensor1d([]);
    const [y, mean, variance, ...reserved] = runNative(
      'FusedBatchNormV3',
      [input, scale, offset, empty, empty],
      6,
      attributes,
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    statistics.push(tf.keep(mean), tf.keep(variance));
    save([input, scale, ...reserved]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] =>
      runNative('FusedBatchNormGradV3', [dy, ...saved], 5, attributes).slice(0, 3);
    return { value: y, gradFunc: gradFunc as never };
  });
  return operation(x, gamma, beta);
}
