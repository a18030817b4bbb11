import type { NetworkName } from './network.js';

/** What decides a training beside its data, method and seed; kept with its result. */
export interface Settings {
  readonly network: NetworkName;
  /** Channels of the first convolution. */
  readonly width: number;
  readonly examples: number;
  /** Training images that only choose an epoch, by their given labels. */
  readonly heldOut: number;
  readonly test: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}
