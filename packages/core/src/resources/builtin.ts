import { anything, checkArgument, checkOptions, record, text, VogError } from '@vogjs/base';
import { declareOptions, type InputOf } from '@vogjs/base/options';
import * as tf from '@tensorflow/tfjs';
import { gradientKey } from './gradient-key.js';
import { type GradientOptions, gradientOptions } from './gradient-options.js';
import { PENULTIMATE } from '../model/penultimate.js';
import { lossOf, outputsOf, unitLosses as lossesOfUnits } from '../task/loss-values.js';
import { TASK_KINDS, type TaskKind } from '../task/task.js';
import { defineResource } from './define-resource.js';
import { type Cotangent, type GradientRequest, type Resource, resourceKey } from './resource.js';

const CLASSES: readonly TaskKind[] = ['classification', 'binary'];
const LABELS: readonly TaskKind[] = [...CLASSES, 'multi-label'];

/** Logits before any softmax or sigmoid: `[size, classes]`; of a regression what its last layer gives. */
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
  tasks: CLASSES,
  needs: { labels: true },
  compute: (_, chunk) => tf.tensor1d(givenLabels(chunk.labels), 'int32'),
};

/** The given labels, one-hot: `[size, classes]`, float32. For multi-hot labels and real targets see `targets`. */
export const oneHotLabels: Resource<tf.Tensor2D> = {
  name: 'oneHotLabels',
  key: 'oneHotLabels',
  requires: {},
  tasks: CLASSES,
  needs: { labels: true, forward: true },
  compute: (_, chunk) => chunk.targets(),
};

/**
 * What the model should give: `[size, units]`, float32. One-hot labels (of a binary model two columns), multi-hot labels,
 * or the real targets of a regression.
 */
export const targets: Resource<tf.Tensor2D> = {
  name: 'targets',
  key: 'targets',
  requires: {},
  needs: { labels: true, forward: true },
  compute: (_, chunk) => chunk.targets(),
};

/**
 * The model's own outputs: `[size, units]`; one column for a binary model. Its softmax, its sigmoids, or what its last
 * layer gives.
 */
export const outputs = defineResource({
  name: 'outputs',
  requires: { logits },
  compute: (values, { task }) => outputsOf(task, values.logits),
});

/** softmax(logits): `[size, classes]`. Of a multi-label model sigmoid(logits), a probability for each unit. */
export const probabilities = defineResource({
  name: 'probabilities',
  requires: { logits },
  tasks: LABELS,
  compute: (values, { task }) => (task.kind === 'multi-label' ? tf.sigmoid(values.logits) : tf.softmax(values.logits)),
});

/** log softmax(logits), finite where a probability underflows to 0: `[size, classes]`. */
export const logProbabilities = defineResource({
  name: 'logProbabilities',
  requires: { logits },
  tasks: CLASSES,
  compute: (values) => tf.logSoftmax(values.logits),
});

/** The class with the largest logit, -1 where a logit is NaN, which predicts nothing: `[size]`, int32. */
export const predictions = defineResource({
  name: 'predictions',
  requires: { logits },
  tasks: CLASSES,
  compute: (values) => {
    // argMax gives class 0 for a row of NaN.
    const largest = tf.argMax<tf.Tensor1D>(values.logits, 1);
    return tf.where(tf.isNaN(tf.sum(values.logits, 1)), tf.fill(largest.shape, -1, 'int32'), largest) as tf.Tensor1D;
  },
});

/**
 * The model's own loss of each example: `[size]`. Cross-entropy of the softmax, or the mean over units of that of the
 * sigmoids, in nats. It is taken from the logits: losses of 1e-9 keep their digits, and large ones are not cut off as
 * tfjs cuts them (at 16.1). For any other loss it is the function that the model was compiled with. Without
 * regularisers.
 */
export const loss: Resource<tf.Tensor1D> = {
  name: 'loss',
  key: 'loss',
  requires: {},
  needs: { labels: true, forward: true },
  compute: (_, chunk) => lossOf(chunk.task, chunk.logits(), chunk.targets()),
};

/** Cross-entropy of each unit's sigmoid in a multi-label model: `[size, units]`, nats. */
export const unitLosses = defineResource({
  name: 'unitLosses',
  requires: { logits, targets },
  tasks: ['multi-label'],
  compute: (values) => lossesOfUnits(values.logits, values.targets),
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

/** What `inputGradient` takes. */
export type InputGradientParameters = GradientOptions;

const declared = declareOptions('inputGradient', gradientOptions, {
  contradiction: ({ activation, label, unit }) =>
    unit !== undefined && (activation === 'loss' || label !== 'true')
      ? 'unit takes the place of a label and has no loss of its own. Leave out label, and use another activation'
      : undefined,
});
const { label: whichLabel, input: whichInput } = gradientOptions;
const ofScalar = declareOptions('inputGradientOfScalar', { label: whichLabel, input: whichInput });

/**
 * Gradient of the selected activation with respect to one input: the shape of that input, `[size, ...]`. All examples
 * of a chunk share one backward pass. The default is the logit, as in eq. 1 of Agarwal et al. 2022; a default `vog()` is
 * of `activation: 'softmax'`, and shares its pass with whoever asks for that.
 */
export function inputGradient(parameters: InputGradientParameters = {}): Resource<tf.Tensor> {
  return gradientResource(declared.resolve(parameters));
}

/**
 * Input gradient of any scalar of each example's logits, given by its derivative with respect to them: what
 * `inputGradient` does for a logit, a probability or the loss. The same sharing: one forward and one backward pass.
 */
export function inputGradientOfScalar(
  cotangent: Cotangent,
  parameters: InputOf<typeof ofScalar.entries> = {},
): Resource<tf.Tensor> {
  const which = ofScalar.resolve(parameters);
  checkOptions('inputGradientOfScalar, the scalar', cotangent, { name: anything, parameters: record, of: anything });
  if (typeof cotangent?.name !== 'string' || cotangent.name === '' || typeof cotangent.of !== 'function') {
    throw new VogError('ARGUMENT_INVALID', 'inputGradientOfScalar needs { name, of(logits, selected) }.');
  }
  return gradientResource({ activation: cotangent, ...which });
}

function gradientResource(request: GradientRequest): Resource<tf.Tensor> {
  const { label } = request;
  return {
    name: 'inputGradient',
    key: gradientKey(request),
    requires: {},
    tasks: tasksOf(request),
    needs: {
      forward: true,
      gradient: request,
      labels: label === 'true' && request.activation !== 'output' && request.unit === undefined,
    },
    compute: (_, chunk) => chunk.inputGradient(request),
  };
}

/** Tasks in which what is differentiated means something. */
function tasksOf({ activation, label }: GradientRequest): readonly TaskKind[] {
  if (activation === 'output') return ['regression'];
  if (typeof activation === 'object') return CLASSES;
  // A loss against predicted labels has no meaning where there are none.
  return activation === 'loss' && label !== 'true' ? LABELS : TASK_KINDS;
}

function givenLabels(values: Int32Array | null): Int32Array {
  if (values === null) {
    throw new VogError('LABEL_INVALID', 'This probe has no labels. Pass `labels`, or use metrics that need none.');
  }
  return values;
}
