import * as tf from '@tensorflow/tfjs';
import { isNormalisation, normalised } from './fused-normalisation.js';
import { type Call, type PatchedLayer, runNative, single } from './native-call.js';

/** What a layer of max pooling keeps; its class is not exported. */
interface MaxPooling extends PatchedLayer {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: 'valid' | 'same';
  readonly dataFormat: string;
}

/**
 * On native TensorFlow, lets the training pass of batch normalisation, relu and max pools use TensorFlow's own
 * operations for training: `FusedBatchNormV3` in place of about 40 elementwise ones a layer, `ReluGrad`, and
 * `MaxPoolWithArgmax`, whose gradient need not look for the largest pixels again. Normalisation differs by rounding,
 * the others not at all; the moving variance takes the population's variance, as the layer does. Other backends are
 * left as they are, and so is a pass without training.
 *
 * Why: on two cores the elementwise operations took as long as all convolutions of ResNet-9 together.
 *
 * @returns puts the layers back as they were
 */
export function fuseForTraining(model: tf.LayersModel): () => void {
  if (tf.getBackend() !== 'tensorflow') return () => {};
  const patched: PatchedLayer[] = [];
  for (const layer of model.layers as PatchedLayer[]) {
    const call = layer.call.bind(layer);
    if (isNormalisation(layer)) layer.call = normalised(layer, call);
    else if (layer.getClassName() === 'ReLU') layer.call = activated(call);
    else if (isMaxPooling(layer)) layer.call = pooled(layer, call);
    else continue;
    patched.push(layer);
  }
  return () => {
    // The method of the class is found again.
    for (const layer of patched) Reflect.deleteProperty(layer, 'call');
  };
}

function activated(call: Call): Call {
  return (inputs, kwargs) => {
    if (kwargs.training !== true) return call(inputs, kwargs);
    const operation = tf.customGrad((...parameters) => {
      const [x, save] = parameters as unknown as [tf.Tensor, tf.GradSaveFunc];
      const y = tf.relu(x);
      save([y]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
        runNative('ReluGrad', [dy, saved[0] as tf.Tensor], 1, { T: 'float' })[0] as tf.Tensor;
      return { value: y, gradFunc: gradFunc as never };
    });
    return operation(single(inputs));
  };
}

function isMaxPooling(layer: PatchedLayer): layer is MaxPooling {
  return layer.getClassName() === 'MaxPooling2D' && (layer as MaxPooling).dataFormat === 'channelsLast';
}

function pooled({ poolSize, strides, padding }: MaxPooling, call: Call): Call {
  const attributes = {
    ksize: [1, ...poolSize, 1],
    strides: [1, ...strides, 1],
    padding: padding.toUpperCase(),
    Targmax: 'int64',
    include_batch_in_index: false,
    T: 'float',
  } as const;
  return (inputs, kwargs) => {
    if (kwargs.training !== true) return call(inputs, kwargs);
    const operation = tf.customGrad((...parameters) => {
      const [x, save] = parameters as unknown as [tf.Tensor, tf.GradSaveFunc];
      const [y, argmax] = quietly(() => runNative('MaxPoolWithArgmax', [x], 2, attributes)) as [tf.Tensor, tf.Tensor];
      save([x, argmax]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [from, positions] = saved as [tf.Tensor, tf.Tensor];
        return runNative('MaxPoolGradWithArgmax', [from, dy, positions], 1, attributes)[0] as tf.Tensor;
      };
      return { value: y, gradFunc: gradFunc as never };
    });
    return operation(single(inputs));
  };
}

/** TensorFlow's positions are of 64 bits, and tfjs-node warns of that at every step; nobody reads these. */
function quietly<T>(run: () => T): T {
  const { warn } = console;
  console.warn = () => {};
  try {
    return run();
  } finally {
    console.warn = warn;
  }
}
