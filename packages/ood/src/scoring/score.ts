import {
  checkModelArgument,
  checkPassOptions,
  type Consumer,
  type ProbeOptions,
  type ScorableModel,
  type VisitOptions,
  visitProbe,
  VogError,
} from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import type { Detector, DetectorState } from '../detectors/detector.js';
import type { HostArray } from '../host-array.js';
import type { OodScores } from '../ood-scores.js';
import { fingerprintOf } from './fingerprint.js';
import { checkDetectors, failure, refuseDetectors } from './detectors.js';
import { FittedDetectors } from './fitted.js';

/** What `scoreOod` takes beside model, examples and detectors. */
export type ScoreOptions = VisitOptions;

/**
 * Scores examples by several detectors at once: all that need only a forward pass share one, and a gradient that one
 * of them needs gives the logits and features of the others with it.
 *
 * @param examples `{ inputs }`
 * @param detectors a list of detectors that need no fit, or the outcome of `fitDetectors`
 * @returns scores by the detectors' names, in the order of the examples
 * @throws VogError DETECTOR_NOT_FITTED, DETECTOR_INVALID, DETECTOR_DUPLICATE, DETECTOR_FAILED, MODEL_MISMATCH,
 * TASK_UNSUPPORTED for a detector that assumes a softmax, and the model has none,
 * RESULT_NOT_FINITE for a score that is NaN, LAYER_UNKNOWN, INPUT_SHAPE, INPUT_NOT_FINITE
 */
export async function scoreOod<Name extends string>(
  model: ScorableModel,
  examples: ProbeOptions,
  detectors: readonly Detector<Name>[] | FittedDetectors<Name>,
  options: ScoreOptions = {},
): Promise<Readonly<Record<Name, OodScores>>> {
  const fitted = detectors instanceof FittedDetectors ? detectors : new FittedDetectors(detectors, {}, null, null);
  checkDetectors('scoreOod', fitted.detectors);
  checkModelArgument('scoreOod', model);
  checkPassOptions('scoreOod', options);
  if (detectors instanceof FittedDetectors) await checkModel(model, detectors);
  return scoreWith(model, examples, fitted, options);
}

async function scoreWith<Name extends string>(
  model: ScorableModel,
  examples: ProbeOptions,
  { detectors, states }: FittedDetectors<Name>,
  options: VisitOptions,
): Promise<Readonly<Record<Name, OodScores>>> {
  const unfitted = detectors.find(({ name, fit }) => fit !== undefined && states[name] === undefined);
  if (unfitted !== undefined) {
    throw new VogError(
      'DETECTOR_NOT_FITTED',
      `Detector '${unfitted.name}' has to learn from in-distribution data first: fitted = await fitDetectors(model, { inputs, labels }, detectors), then scoreOod(model, { inputs }, fitted).`,
    );
  }
  const values = new Map<string, Float64Array>();
  const onDevice: Record<string, tf.Tensor>[] = [];
  try {
    for (const { name } of detectors) onDevice.push(toDevice(states[name] ?? {}));
    const scoring = detectors.map((detector, i) => scoringBy(detector, onDevice[i]!, values));
    await visitProbe(model, examples, scoring, { ...options, onTask: (task) => refuseDetectors(detectors, task) });
  } finally {
    tf.dispose(onDevice);
  }
  for (const { name } of detectors) checkNumbers(name, values.get(name)!);
  return Object.fromEntries(
    detectors.map(({ name, oodDirection }) => [name, { values: values.get(name)!, oodDirection, detector: name }]),
  ) as unknown as Readonly<Record<Name, OodScores>>;
}

/** A detector as a consumer of the pass; its scores go into `values`, under its name. */
function scoringBy(
  detector: Detector,
  state: Readonly<Record<string, tf.Tensor>>,
  values: Map<string, Float64Array>,
): Consumer {
  const { name, requires, onHost = (value) => value } = detector;
  return {
    name,
    requires,
    visit: (resources, chunk) => ({ scores: checkShape(name, detector.score(resources, state, chunk), chunk.size) }),
    receive: ({ scores }, { start, total }) => {
      const all = values.get(name) ?? new Float64Array(total);
      for (const [i, value] of scores!.data.entries()) all[start + i] = onHost(value);
      values.set(name, all);
    },
    failed: ({ error, hook, resource }) => {
      throw failure(name, hook === 'visit' ? 'score' : 'requires', error, resource);
    },
  };
}

/** Refuses a model of other weights than the detectors were fitted on. */
async function checkModel(model: ScorableModel, { modelFingerprint }: FittedDetectors): Promise<void> {
  const now = await fingerprintOf(model);
  if (now === modelFingerprint) return;
  throw new VogError(
    'MODEL_MISMATCH',
    `The detectors were fitted on a model with other weights (fingerprint ${modelFingerprint ?? 'of a function'}; this one has ${now ?? 'none, it is a function'}): their scores would mean nothing here. ` +
      'Fit them again after training, or load the model that they belong to.',
  );
}

function toDevice(state: DetectorState): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(state).map(([name, array]) => [name, tensorOf(array)]));
}

function tensorOf({ data, shape }: HostArray): tf.Tensor {
  if (data instanceof Int32Array) return tf.tensor(data.slice(), [...shape], 'int32');
  // A copy: a backend may keep the array itself.
  return tf.tensor(Float32Array.from(data), [...shape], 'float32');
}

function checkShape(name: string, scores: unknown, size: number): tf.Tensor {
  if (scores instanceof tf.Tensor && scores.rank === 1 && scores.size === size) return scores;
  const got =
    scores instanceof tf.Tensor
      ? `[${scores.shape.join(', ')}]`
      : scores instanceof Promise
        ? 'a promise: score must be synchronous'
        : typeof scores;
  throw new VogError(
    'DETECTOR_FAILED',
    `Detector '${name}' must give one score per example, [${size}]; it gave ${got}.`,
    { plugin: { kind: 'detector', name }, hook: 'score' },
  );
}

function checkNumbers(name: string, values: Float64Array): void {
  const index = values.findIndex((value) => Number.isNaN(value));
  if (index === -1) return;
  throw new VogError(
    'RESULT_NOT_FINITE',
    `Detector '${name}' gave NaN for example ${index}: the model's logits or features of it are NaN or infinite. Check the weights.`,
  );
}
