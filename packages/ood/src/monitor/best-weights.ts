import { type Position, type ScorableModel, VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

/** The checkpoint that was best so far. */
export interface BestCheckpoint {
  /** Index of the checkpoint, from 0. */
  readonly checkpoint: number;
  readonly position: Position;
  /** The figure chosen, at it. */
  readonly value: number;
}

/** Keeps the weights of the best checkpoint on the device: a copy as soon as training writes new ones. */
export class BestWeights {
  private kept: { readonly at: BestCheckpoint; readonly weights: tf.Tensor[] } | null = null;

  constructor(private readonly better: 'high' | 'low') {}

  get best(): BestCheckpoint | null {
    return this.kept?.at ?? null;
  }

  /** Keeps the model's weights when this checkpoint is better than all before; the first of equal ones stays. */
  offer(model: ScorableModel, at: BestCheckpoint): void {
    const sign = this.better === 'high' ? 1 : -1;
    if (this.kept !== null && !(sign * at.value > sign * this.kept.at.value)) return;
    const weights = layersModel(model)
      .getWeights()
      .map((weight) => tf.keep(weight.clone()));
    this.clear();
    this.kept = { at, weights };
  }

  /** Puts the kept weights into a model of the same layers. */
  restore(model: tf.LayersModel): BestCheckpoint {
    if (this.kept === null) {
      throw new VogError(
        'ARGUMENT_INVALID',
        'No checkpoint has been kept: none was taken, or it was disposed or reset.',
      );
    }
    layersModel(model).setWeights(this.kept.weights);
    return this.kept.at;
  }

  clear(): void {
    tf.dispose(this.kept?.weights ?? []);
    this.kept = null;
  }
}

/** Refuses a model whose weights cannot be read and set. */
export function layersModel(model: ScorableModel): tf.LayersModel {
  if (model instanceof tf.LayersModel) return model;
  throw new VogError(
    'ARGUMENT_INVALID',
    "keepBest needs a tf.LayersModel, whose weights can be kept and set. Leave keepBest out, and keep the weights yourself on 'checkpointEnd'.",
  );
}
