import type * as tf from '@tensorflow/tfjs';

/** What a network is made for. */
export interface NetworkTask {
  /** Shape of each input of one example. */
  readonly shapes: readonly (readonly number[])[];
  /** Of each input of whole numbers how many there are; null for an input of reals. */
  readonly levels: readonly (number | null)[];
  readonly classes: number;
  readonly seed: number;
}

/** Makes a compiled model with a softmax over the classes; labels are whole numbers. */
export type Network = (task: NetworkTask) => tf.LayersModel | Promise<tf.LayersModel>;
