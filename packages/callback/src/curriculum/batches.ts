import { declareOptions, type InputOf, integer, type ResolvedOf } from '@vogjs/base/options';
import type { EpochPlan } from './plan.js';

/** How an epoch is cut, whoever reads it. */
export const cuts = {
  batchSize: integer(1).default(32).about('Examples per batch; the last one of a pass may be smaller.'),
  stepsPerEpoch: integer(1)
    .optional('one pass')
    .about(
      'Number of batches in every epoch, whatever share of the examples is available: all of one size, in as many passes as it takes, each in an order of its own.',
    ),
};

/** Options of `curriculum.batches`. */
export const batchOptions = declareOptions('curriculum.batches', cuts);

/** How an epoch is cut. */
export type BatchOptions = InputOf<typeof batchOptions.entries>;

/** One batch of an epoch. */
export interface CurriculumBatch {
  /** Positions among the training examples. */
  readonly indices: Int32Array;
  /** Weight of each; all 1 unless the curriculum weighs. */
  readonly weights: Float32Array;
}

/** The batches of an epoch that is planned when the first of them is asked for. */
export async function* sliceBatches(
  plan: () => Promise<EpochPlan>,
  { batchSize, stepsPerEpoch }: ResolvedOf<typeof batchOptions.entries>,
): AsyncGenerator<CurriculumBatch, void, undefined> {
  const epoch = await plan();
  const batchOf = (indices: Int32Array): CurriculumBatch => ({
    indices,
    weights: Float32Array.from(indices, (index) => epoch.weights[index]!),
  });
  if (stepsPerEpoch === undefined) {
    const { order } = epoch;
    for (let start = 0; start < order.length; start += batchSize) yield batchOf(order.slice(start, start + batchSize));
    return;
  }
  let [order, at, pass] = [epoch.order, 0, 0];
  for (let step = 0; step < stepsPerEpoch; step++) {
    const indices = new Int32Array(batchSize);
    for (let filled = 0; filled < batchSize; filled++) {
      if (at === order.length) [order, at, pass] = [epoch.pass(pass + 1), 0, pass + 1];
      indices[filled] = order[at]!;
      at += 1;
    }
    yield batchOf(indices);
  }
}
