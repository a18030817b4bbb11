import {
  checkedProbe,
  checkModelArgument,
  checkPassOptions,
  type Consumer,
  linearHeadOf,
  type LogitsOptions,
  logits,
  type ProbeOptions,
  type ScorableModel,
  type Task,
  type VisitOptions,
  visitProbe,
} from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import type { Detector, DetectorState, FitContext } from '../detectors/detector.js';
import type { HostArray } from '../host-array.js';
import { fingerprintOf } from './fingerprint.js';
import type { Statistic } from '../fit-statistics/statistic.js';
import { attempted, checkDetectors, refuseDetectors } from './detectors.js';
import { FittedDetectors, type Preprocessing } from './fitted.js';
import { json } from './json.js';

/** What `fitDetectors` takes beside model, fit set and detectors. */
export interface FitOptions extends VisitOptions {
  /** How inputs were made ready, as plain JSON: `{ mean, std }`. A loaded fit is refused where another is declared. */
  readonly preprocessing?: Preprocessing;
}

/**
 * Fits detectors on in-distribution data, in one pass over it: whatever several of them gather (features, means,
 * covariance) is gathered once. Detectors that have nothing to learn may be in the list too.
 *
 * ```ts
 * const fitted = await fitDetectors(model, { inputs, labels }, [energy(), mahalanobis(), knn()]);
 * const { energy: scores } = await scoreOod(model, { inputs: others }, fitted);
 * ```
 *
 * @param fitSet labels are needed by `mahalanobis` and `relativeMahalanobis` only
 * @returns what they learned, on the host: nothing to dispose
 * @throws VogError DETECTOR_INVALID, DETECTOR_DUPLICATE, SAMPLE_TOO_SMALL, LABEL_INVALID, LAYER_UNKNOWN,
 * HEAD_NOT_LINEAR, RESULT_NOT_FINITE, INPUT_SHAPE
 */
export async function fitDetectors<Name extends string>(
  model: ScorableModel,
  fitSet: ProbeOptions,
  detectors: readonly Detector<Name>[],
  options: FitOptions = {},
): Promise<FittedDetectors<Name>> {
  checkDetectors('fitDetectors', detectors);
  checkPassOptions('fitDetectors', options, { preprocessing: json });
  const { preprocessing = null, ...pass } = options;
  const wanted = new Map<string, Statistic<unknown>>();
  for (const { fit } of detectors) {
    for (const statistic of Object.values(fit?.statistics ?? {})) wanted.set(statistic.key, statistic);
  }
  const states: Record<string, DetectorState> = {};
  if (wanted.size === 0) {
    // No pass will look at them: a mistake must show all the same.
    checkModelArgument('fitDetectors', model);
    checkedProbe('fitDetectors, the fit set', fitSet);
  } else {
    const onTask = (task: Task): void => refuseDetectors(detectors, task);
    const { values, context } = await gather(model, fitSet, wanted, { ...pass, onTask });
    for (const { name, fit } of detectors) {
      if (fit === undefined) continue;
      const own = Object.entries(fit.statistics).map(([key, statistic]) => [key, values.get(statistic.key)]);
      states[name] = await attempted(name, 'fit', () => fit.finish(Object.fromEntries(own), context));
    }
  }
  return new FittedDetectors(detectors, states, await fingerprintOf(model), preprocessing);
}

/** Gathers every statistic in one pass: each is a consumer of it, and one more asks how many classes there are. */
async function gather(
  model: ScorableModel,
  fitSet: ProbeOptions,
  wanted: ReadonlyMap<string, Statistic<unknown>>,
  pass: VisitOptions,
): Promise<{ values: Map<string, unknown>; context: FitContext }> {
  const parts = [...wanted].map(([key, statistic]) => ({ key, statistic, accumulator: statistic.begin() }));
  let [examples, classes] = [0, 0];
  const counting: Consumer = {
    requires: { logits },
    visit: (_, chunk) => void (classes = chunk.classes),
    receive: (_, { total }) => void (examples = total),
  };
  const gathering = parts.map(({ statistic: { name, requires }, accumulator }): Consumer => ({
    name,
    requires,
    visit: (values, chunk) => accumulator.visit(values, chunk),
    receive: (values, chunk) => accumulator.receive(values, chunk),
  }));
  await visitProbe(model, fitSet, [counting, ...gathering], pass);
  const finished = parts.map(({ key, accumulator }): [string, unknown] => [key, accumulator.finish()]);
  const head = (): ReturnType<FitContext['head']> => headOnHost(model, pass.logits);
  return { values: new Map(finished), context: { examples, classes, head } };
}

async function headOnHost(
  model: ScorableModel,
  options: LogitsOptions | undefined,
): Promise<{ kernel: HostArray; bias: HostArray }> {
  const { kernel, bias } = linearHeadOf(model, options);
  try {
    const onHost = async (tensor: tf.Tensor): Promise<HostArray> => ({
      data: Float32Array.from(await tensor.data()),
      shape: tensor.shape,
    });
    return { kernel: await onHost(kernel), bias: await onHost(bias) };
  } finally {
    tf.dispose([kernel, bias]);
  }
}
