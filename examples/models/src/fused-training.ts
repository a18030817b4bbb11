import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';

/** The part of tfjs-node's backend that runs a TensorFlow operation by its name. */
interface NativeBackend {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL', number>> & {
    readonly TF_FLOAT: number;
  };
  executeMultipleOutputs(name: string, attributes: object[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
}

type Call = (inputs: tf.Tensor | tf.Tensor[], kwargs: { readonly training?: boolean }) => tf.Tensor | tf.Tensor[];
type PatchedLayer = tf.layers.Layer & { call: Call };

/** What the layer of batch normalisation keeps; its class is not exported. */
interface Normalisation extends PatchedLayer {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma?: ReturnType<tf.layers.Layer['addWeight']>;
  readonly beta?: ReturnType<tf.layers.Layer['addWeight']>;
  readonly movingMean: ReturnType<tf.layers.Layer['addWeight']>;
  readonly movingVariance: ReturnType<tf.layers.Layer['addWeight']>;
}

/**
 * On native TensorFlow, lets the training pass of batch normalisation and relu use TensorFlow's own fused operations,
 * `FusedBatchNormV3`, its gradient and `ReluGrad`, in place of about 40 elementwise ones a layer. Their results differ
 * by rounding; the moving variance takes the population's variance, as the layer does. Other backends are left as they
 * are, and so is a pass without training.
 *
 * Why: on two cores those elementwise operations took as long as all convolutions of ResNet-9 together.
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
    else continue;
    patched.push(layer);
  }
  return () => {
    // The method of the class is found again.
    for (const layer of patched) Reflect.deleteProperty(layer, 'call');
  };
}

function isNormalisation(layer: PatchedLayer): layer is Normalisation {
  if (layer.getClassName() !== 'BatchNormalization') return false;
  const { axis, gamma, beta, outputShape } = layer as Normalisation;
  const rank = (outputShape as tf.Shape).length;
  return rank === 4 && (axis === -1 || axis === 3) && gamma !== undefined && beta !== undefined;
}

function normalised(layer: Normalisation, call: Call): Call {
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

function moveTowards(variable: Normalisation['movingMean'], value: tf.Tensor, momentum: number): void {
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
  const operation = tf.customGrad((...parameters) => {
    const [input, scale, offset, save] = parameters as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const empty = tf.tensor1d([]);
    const [y, mean, variance, ...reserved] = native().executeMultipleOutputs(
      'FusedBatchNormV3',
      attributes(epsilon),
      [input, scale, offset, empty, empty],
      6,
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    statistics.push(tf.keep(mean), tf.keep(variance));
    save([input, scale, ...reserved]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [from, by, ...reserves] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      return native()
        .executeMultipleOutputs('FusedBatchNormGradV3', attributes(epsilon), [dy, from, by, ...reserves], 5)
        .slice(0, 3);
    };
    return { value: y, gradFunc: gradFunc as never };
  });
  return operation(x, gamma, beta);
}

function attributes(epsilon: number): object[] {
  const { binding } = native();
  return [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ];
}

function activated(call: Call): Call {
  return (inputs, kwargs) => {
    if (kwargs.training !== true) return call(inputs, kwargs);
    const operation = tf.customGrad((...parameters) => {
      const [x, save] = parameters as unknown as [tf.Tensor, tf.GradSaveFunc];
      const y = tf.relu(x);
      save([y]);
      const { binding } = native();
      const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor =>
        native().executeMultipleOutputs('ReluGrad', [type], [dy, saved[0] as tf.Tensor], 1)[0] as tf.Tensor;
      return { value: y, gradFunc: gradFunc as never };
    });
    return operation(single(inputs));
  };
}

function single(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
}

function native(): NativeBackend {
  const backend = tf.backend() as unknown as NativeBackend;
  if (typeof backend.executeMultipleOutputs === 'function') return backend;
  throw new VogError('BACKEND_UNAVAILABLE', 'The backend was changed in training. Train a model on one backend.');
}
