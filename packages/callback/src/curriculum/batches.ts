import { refuseUnknownKeys, VogError } from '@vogjs/core';
import type { EpochPlan } from './plan.js';

/** How an epoch is cut. */
export interface BatchOptions {
  /** Examples per batch; the last one of a pass may be smaller. Default 32, as in `fit`. */
  readonly batchSize?: number;
  /**
   * Number of batches in every epoch, whatever share of the examples is available: all of one size, in as many passes
   * as it takes, each in an order of its own. Default: one pass.
   */
  readonly stepsPerEpoch?: number;
}

/** One batch of an epoch. */
export interface CurriculumBatch {
  /** Positions among the training examples. */
  readonly indices: Int32Array;
  /** Weight of each; all 1 unless the curriculum weighs. */
  readonly weights: Float32Array;
}

export type ReadBatchOptions = Required<Pick<BatchOptions, 'batchSize'>> & { readonly stepsPerEpoch: number | null };

export function readBatchOptions(
  where: string,
  { batchSize = 32, stepsPerEpoch, ...rest }: BatchOptions,
): ReadBatchOptions {
  if (Object.keys(rest).length > 0) refuseUnknownKeys(where, rest, ['batchSize', 'stepsPerEpoch']);
  for (const [name, value] of Object.entries({ batchSize, stepsPerEpoch: stepsPerEpoch ?? 1 })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new VogError('ARGUMENT_INVALID', `${where}: ${name} must be a whole number of 1 or more; got ${value}.`);
  }
  return { batchSize, stepsPerEpoch: stepsPerEpoch ?? null };
}

/** The batches of an epoch that is planned when the first of them is asked for. */
export async function* sliceBatches(
  plan: () => Promise<EpochPlan>,
  { batchSize, stepsPerEpoch }: ReadBatchOptions,
): AsyncGenerator<CurriculumBatch, void, undefined> {
  const epoch = await plan();
  const batchOf = (indices: Int32Array): CurriculumBatch => ({
    indices,
    weights: Float32Array.from(indices, (index) => epoch.weights[index]!),
  });
  if (stepsPerEpoch === null) {
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
