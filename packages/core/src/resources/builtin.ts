import { anything, checkArgument, checkOptions, record, refuseUnknownKeys, text, VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { gradientKey } from './gradient-key.js';
import { PENULTIMATE } from '../model/penultimate.js';
import { oneHot } from './one-hot.js';
import { type Cotangent, defineResource, type GradientRequest, type Resource, resourceKey } from './resource.js';

/** Logits before any softmax or sigmoid: `[size, classes]`. */
export const logits: Resource<tf.Tensor2D> = {
  name: 'logits',
  key: 'logits',
  requires: {},
  needs: { forward: true },
  compute: (_, chunk) => chunk.logits(),
};

/** The given labels, as integers: `[size]`, int32. */
export const labels: Resource<tf.Tensor1D> = {
  name: 'labels',
  key: 'labels',
  requires: {},
  needs: { labels: true },
  compute: (_, chunk) => tf.tensor1d(givenLabels(chunk.labels), 'int32'),
};

/** The given labels, one-hot: `[size, classes]`, float32. */
export const oneHotLabels: Resource<tf.Tensor2D> = {
  name: 'oneHotLabels',
  key: 'oneHotLabels',
  requires: {},
  needs: { labels: true, forward: true },
  compute: (_, chunk) => oneHot(givenLabels(chunk.labels), chunk.classes),
};

/** softmax(logits): `[size, classes]`. */
export const probabilities = defineResource({
  name: 'probabilities',
  requires: { logits },
  compute: (values) => tf.softmax(values.logits),
});

/** log softmax(logits), finite where a probability underflows to 0: `[size, classes]`. */
export const logProbabilities = defineResource({
  name: 'logProbabilities',
  requires: { logits },
  compute: (values) => tf.logSoftmax(values.logits),
});

/** The class with the largest logit, -1 where a logit is NaN, which predicts nothing: `[size]`, int32. */
export const predictions = defineResource({
  name: 'predictions',
  requires: { logits },
  compute: (values) => {
    // argMax gives class 0 for a row of NaN.
    const largest = tf.argMax<tf.Tensor1D>(values.logits, 1);
    return tf.where(tf.isNaN(tf.sum(values.logits, 1)), tf.fill(largest.shape, -1, 'int32'), largest) as tf.Tensor1D;
  },
});

/** Cross-entropy of the given label, from log-softmax: `[size]`, nats. */
export const loss = defineResource({
  name: 'loss',
  requires: { logProbabilities, oneHotLabels },
  // Chosen, not multiplied by 0: another class's log probability may be minus infinity.
  compute: ({ logProbabilities, oneHotLabels }) =>
    tf.neg(
      tf.sum<tf.Tensor1D>(tf.where(tf.greater(oneHotLabels, 0), logProbabilities, tf.zerosLike(logProbabilities)), 1),
    ),
});

/** Output of a layer for the probe: `[size, ...]`, from the same forward pass as the logits. */
export function features(layer: string): Resource<tf.Tensor> {
  checkArgument('features', 'layer', layer, text);
  return {
    name: 'features',
    key: resourceKey('features', { layer }),
    requires: {},
    needs: { forward: true, feature: layer },
    compute: (_, chunk) => chunk.features(layer),
  };
}

/**
 * Input of the layer that gives the logits, `[size, features]`: what a linear head sees, from the same forward pass.
 * Found for a LayersModel that ends in Dense and for a GraphModel that ends in a matrix product, a softmax after either
 * or not; for other models name the layer with `features('…')`.
 */
export const penultimate: Resource<tf.Tensor> = {
  name: 'penultimate',
  key: 'penultimate',
  requires: {},
  needs: { forward: true, feature: PENULTIMATE },
  compute: (_, chunk) => chunk.features(PENULTIMATE),
};

/** What `inputGradient` takes; the defaults are the paper's. */
export interface InputGradientParameters {
  /** Default `'logit'`: the pre-softmax activation of the selected class. */
  readonly activation?: Exclude<GradientRequest['activation'], Cotangent>;
  /** Default `'true'`. An Int32Array of one label per probe example fixes the label through all checkpoints. */
  readonly label?: GradientRequest['label'];
  /** Index of the model input to differentiate with respect to; default 0. */
  readonly input?: number;
}

/**
 * Gradient of the selected activation with respect to one input: the shape of that input, `[size, ...]`. All examples
 * of a chunk share one backward pass. VoG (Agarwal et al. 2022), eq. 1, is built on `activation: 'logit'`.
 */
export function inputGradient(parameters: InputGradientParameters = {}): Resource<tf.Tensor> {
  refuseUnknownKeys('inputGradient', parameters, ['activation', 'label', 'input']);
  const { activation = 'logit', label = 'true', input = 0 } = parameters;
  if (!['logit', 'softmax', 'loss'].includes(activation)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `inputGradient: activation '${activation}' is not 'logit', 'softmax' or 'loss'.`,
    );
  }
  return gradientResource({ activation, label, input });
}

/**
 * Input gradient of any scalar of each example's logits, given by its derivative with respect to them: what
 * `inputGradient` does for a logit, a probability or the loss. The same sharing: one forward and one backward pass.
 */
export function inputGradientOfScalar(
  cotangent: Cotangent,
  parameters: Omit<InputGradientParameters, 'activation'> = {},
): Resource<tf.Tensor> {
  refuseUnknownKeys('inputGradientOfScalar', parameters, ['label', 'input']);
  checkOptions('inputGradientOfScalar, the scalar', cotangent, { name: anything, parameters: record, of: anything });
  if (typeof cotangent?.name !== 'string' || cotangent.name === '' || typeof cotangent.of !== 'function') {
    throw new VogError('ARGUMENT_INVALID', 'inputGradientOfScalar needs { name, of(logits, selected) }.');
  }
  const { label = 'true', input = 0 } = parameters;
  return gradientResource({ activation: cotangent, label, input });
}

function gradientResource(request: GradientRequest): Resource<tf.Tensor> {
  const { label, input } = request;
  if (label !== 'true' && label !== 'predicted' && !(label instanceof Int32Array)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `inputGradient: label must be 'true', 'predicted' or an Int32Array of one label per probe example, not ${String(label)}.`,
    );
  }
  if (!Number.isInteger(input) || input < 0) {
    throw new VogError('ARGUMENT_INVALID', `inputGradient: input ${input} is not the index of a model input.`);
  }
  return {
    name: 'inputGradient',
    key: gradientKey(request),
    requires: {},
    needs: { forward: true, gradient: request, labels: label === 'true' },
    compute: (_, chunk) => chunk.inputGradient(request),
  };
}

function givenLabels(values: Int32Array | null): Int32Array {
  if (values === null) {
    throw new VogError('LABEL_INVALID', 'This probe has no labels. Pass `labels`, or use metrics that need none.');
  }
  return values;
}
