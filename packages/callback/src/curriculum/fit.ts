import { type Check, checkArgument, checkOf, checkOptions, either, integer, list, record } from '@vogjs/base';
import { VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { asCallback, isInstance } from '../as-callback.js';
import { FitCallback, fitCallback } from '../fit-callback.js';
import type { BatchOptions } from './batches.js';
import { Curriculum } from './curriculum.js';
import type { TrainingTensors } from './dataset.js';

type DatasetArguments = tf.ModelFitDatasetArgs<unknown>;

/**
 * A callback instance, by the part that plain objects lack: with its hooks in a union with theirs, TypeScript could not
 * tell the parameters of a plain hook.
 */
type CallbackInstance = Pick<tf.Callback, 'setParams' | 'setModel'>;

/** Options of `fitWithCurriculum`: those of `fit` that a curriculum leaves room for. */
export interface FitWithCurriculumOptions extends BatchOptions {
  readonly curriculum: Curriculum;
  readonly epochs: number;
  readonly initialEpoch?: number;
  /**
   * Callback instances, plain objects of hooks, or a mix: plain ones are wrapped, without `onYield`. The tracker's
   * `fitCallback` is put first unless it is here.
   */
  readonly callbacks?: CallbackInstance | tf.CustomCallbackArgs | readonly (CallbackInstance | tf.CustomCallbackArgs)[];
  /** `[xs, ys]` or a dataset, evaluated at the end of each epoch. */
  readonly validationData?: DatasetArguments['validationData'];
  readonly validationBatchSize?: number;
  readonly validationBatches?: number;
  readonly classWeight?: DatasetArguments['classWeight'];
  readonly verbose?: 0 | 1;
}

const CHECKS: Readonly<Record<keyof FitWithCurriculumOptions, Check>> = {
  curriculum: checkOf('what curriculum(tracker) returned', (value) => value instanceof Curriculum),
  epochs: integer(1),
  initialEpoch: integer(0),
  batchSize: integer(1),
  stepsPerEpoch: integer(1),
  callbacks: either(record, list),
  validationData: either(record, list),
  validationBatchSize: integer(1),
  validationBatches: integer(1),
  classWeight: either(record, list),
  verbose: checkOf('0 or 1', (value) => value === 0 || value === 1),
};
const trainable = checkOf('a compiled tf.LayersModel', (value) => value instanceof tf.LayersModel);

/** Options of `fit` that people will try, and why they are not here. */
const REFUSED: Readonly<Record<string, string>> = {
  shuffle: 'the curriculum owns the order. Its seed decides it.',
  sampleWeight: 'tfjs declares it and throws. A curriculum has weights of its own.',
  validationSplit:
    'the examples set apart would have scores and ids among the others. Split the tensors first and give validationData.',
  batchesPerEpoch: 'tfjs would read the order only once. Use stepsPerEpoch.',
  validationSteps: 'it is called validationBatches here, and is for a validation dataset.',
  yieldEvery: 'callback instances turn it off in tfjs. The host gets its turn every 50 ms.',
};

/**
 * `model.fit` in an order that follows the scores: one call of `fitDataset`, so that the optimizer keeps its state and
 * there is one history. It holds, beside what `fit` gives and the tracker's means, `curriculum_share`: the share of the
 * training examples that the epoch showed.
 *
 * A curriculum that weighs examples (`weights`, `infoBatch`) needs a model with one output that was compiled with the
 * loss 'categoricalCrossentropy' by that name. The weights are multiplied into the one-hot targets, which is exact for
 * this loss only. The training loss in the history is then the weighted one, and training metrics see scaled targets:
 * accuracy is right but for examples of weight 0, which count as of class 0.
 *
 * @param xs `[N, ...]`, the training examples in the order of the curriculum's ids; they stay the caller's
 * @throws VogError ARGUMENT_INVALID for options; what the curriculum and the tracker throw rejects
 */
export async function fitWithCurriculum(
  model: tf.LayersModel,
  xs: TrainingTensors,
  ys: TrainingTensors,
  options: FitWithCurriculumOptions,
): Promise<tf.History> {
  checkArgument('fitWithCurriculum', 'model', model, trainable);
  checkArgument('fitWithCurriculum', 'options', options, record);
  for (const [name, reason] of Object.entries(REFUSED)) {
    if (name in options) throw new VogError('ARGUMENT_INVALID', `fitWithCurriculum: no ${name}: ${reason}`);
  }
  checkOptions('fitWithCurriculum', options, CHECKS, ['curriculum', 'epochs']);
  const { curriculum, callbacks, batchSize, stepsPerEpoch, epochs, ...rest } = options;
  if (curriculum.isWeighted) requireLinearLoss(model);
  const dataset = curriculum.dataset(xs, ys, {
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(stepsPerEpoch === undefined ? {} : { stepsPerEpoch }),
    ...(curriculum.isWeighted ? { weightTargets: true } : {}),
  });
  const others = callbackList(callbacks);
  const drives = (callback: tf.Callback): boolean =>
    callback instanceof FitCallback && callback.tracker === curriculum.tracker;
  const driver = others.some(drives) ? [] : [fitCallback(curriculum.tracker)];
  return model.fitDataset(dataset, {
    ...rest,
    epochs,
    callbacks: [...driver, shareLogger(curriculum), ...others],
  } as DatasetArguments);
}

/** Writes into the logs what share of the training examples the epoch showed. */
function shareLogger(curriculum: Curriculum): tf.Callback {
  return asCallback({
    onEpochEnd: (_, logs) => {
      const plan = curriculum.latest;
      if (logs && plan) logs['curriculum_share'] = 1 - plan.absent / plan.weights.length;
    },
  }) as unknown as tf.Callback;
}

function callbackList(callbacks: FitWithCurriculumOptions['callbacks']): tf.Callback[] {
  const list = callbacks === undefined ? [] : Array.isArray(callbacks) ? callbacks : [callbacks];
  return (list as readonly (CallbackInstance | tf.CustomCallbackArgs)[]).map(
    (callback) => (isInstance(callback) ? callback : asCallback(callback as tf.CustomCallbackArgs)) as tf.Callback,
  );
}

function requireLinearLoss(model: tf.LayersModel): void {
  const loss: unknown = model.loss;
  const single = Array.isArray(loss) && loss.length === 1 ? (loss[0] as unknown) : loss;
  if (single === 'categoricalCrossentropy' && model.outputs.length === 1) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    'fitWithCurriculum: this curriculum weighs examples, which fit can do only through the targets of one output with the ' +
      "loss 'categoricalCrossentropy', given by that name. Compile with it, leave the weights (infoBatch: rescale: false), or " +
      'loop over curriculum.batches(epoch) and weigh the loss yourself.',
  );
}
