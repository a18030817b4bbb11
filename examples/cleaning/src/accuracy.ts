import { predictedClasses } from '@vogjs/example-shared';
import type * as tf from '@tensorflow/tfjs';
import type { Labelled } from './data.js';

/** What a small test set would hold. */
const SMALL = 200;

/** Shares of images whose largest logit is their label's, by the given and by the clean labels. */
export interface Accuracies {
  readonly given: number;
  readonly clean: number;
  /** Of the first 200. */
  readonly small: { readonly given: number; readonly clean: number };
}

export async function accuraciesOf(model: tf.LayersModel, set: Labelled): Promise<Accuracies> {
  const predicted = await predictedClasses(model, set);
  const share = (labels: Int32Array, count: number): number => {
    let right = 0;
    for (let i = 0; i < count; i++) right += Number(predicted[i] === labels[i]);
    return right / count;
  };
  const size = set.labels.length;
  const few = Math.min(SMALL, size);
  return {
    given: share(set.labels, size),
    clean: share(set.clean, size),
    small: { given: share(set.labels, few), clean: share(set.clean, few) },
  };
}
