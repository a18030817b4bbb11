import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { checkLogitsOptions } from './logits-options.js';
import type { LogitsOptions, ScorableModel } from './model.js';
import { type GraphNode, linearNodesOf } from './graph-model.js';
import { linearLayerOf } from './layers-model.js';

/** Weights of a last layer `logits = features · kernel + bias`. */
export interface LinearHead {
  /** `[features, classes]` */
  readonly kernel: tf.Tensor2D;
  /** `[classes]`; zeros where the layer has none. */
  readonly bias: tf.Tensor1D;
}

/**
 * The weights of the linear layer that gives a model's logits from its penultimate features, as they are now. A single
 * sigmoid unit gives those of the pair (-z/2, z/2), as its logits are given. The caller owns both tensors.
 *
 * @throws VogError HEAD_NOT_LINEAR for a function, or where no such layer is found; LAYER_UNKNOWN for a wrong name
 */
export function linearHeadOf(model: ScorableModel, options: LogitsOptions = {}): LinearHead {
  checkLogitsOptions(options);
  return tf.tidy(() => {
    const { kernel, bias } = weightsOf(model, options);
    if (kernel.shape[1] !== 1) {
      return {
        kernel: tf.clone(kernel),
        bias: bias === null ? tf.zeros<tf.Rank.R1>([kernel.shape[1]]) : tf.clone(bias),
      };
    }
    const asPair = (weights: tf.Tensor, axis: number): tf.Tensor => {
      const half = tf.div(weights, 2);
      return tf.concat([tf.neg(half), half], axis);
    };
    return {
      kernel: asPair(kernel, 1) as tf.Tensor2D,
      bias: bias === null ? tf.zeros<tf.Rank.R1>([2]) : (asPair(bias, 0) as tf.Tensor1D),
    };
  });
}

function weightsOf(model: ScorableModel, options: LogitsOptions): { kernel: tf.Tensor2D; bias: tf.Tensor1D | null } {
  if (model instanceof tf.LayersModel) {
    const [kernel, bias = null] = linearLayerOf(model, options).getWeights();
    return { kernel: kernel as tf.Tensor2D, bias: bias as tf.Tensor1D | null };
  }
  if (model instanceof tf.GraphModel) {
    const nodes = linearNodesOf(model, options);
    const kernel = constantOf(model, nodes.kernel) as tf.Tensor2D;
    return {
      kernel: nodes.isTransposed ? tf.transpose(kernel) : kernel,
      bias: nodes.bias === undefined ? null : tf.reshape(constantOf(model, nodes.bias), [-1]),
    };
  }
  throw new VogError(
    'HEAD_NOT_LINEAR',
    'The model is a function, which has no last layer to read. Pass the LayersModel or GraphModel itself.',
  );
}

/** Value of a constant of the graph, or of what passes it on. */
function constantOf(model: tf.GraphModel, node: GraphNode): tf.Tensor {
  let source: GraphNode | undefined = node;
  while (source?.op === 'Identity') source = source.inputs[0];
  const value = source === undefined ? undefined : (model.weights[source.name] as tf.Tensor[] | undefined)?.[0];
  if (value === undefined) {
    throw new VogError(
      'HEAD_NOT_LINEAR',
      `The weights of the last layer are asked for, but node '${node.name}' (${node.op}) of the GraphModel is not a constant.`,
    );
  }
  return value;
}
