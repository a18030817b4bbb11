import type { CompiledLoss } from './compiled-loss.js';
import type { Squashing } from './task.js';

/** What a model's end tells. */
export interface Head {
  readonly squashing: Squashing;
  readonly units: number;
  /** Null for a model that is not compiled, and for models that cannot be. */
  readonly loss: CompiledLoss | null;
  /** The caller said that these are logits: the model is a function of them, or `logits.layer` names them. */
  readonly areLogits: boolean;
  /** The activation behind the logits, as the layer has it. */
  readonly activation: string;
}

/** '5 sigmoid units' */
export function describeHead({ units, activation }: Pick<Head, 'units' | 'activation'>): string {
  return `${units} ${activation} unit${units === 1 ? '' : 's'}`;
}
