import type * as tf from '@tensorflow/tfjs';
import type { CompiledLoss } from '../task/compiled-loss.js';
import type { TaskQuestion } from '../task/question.js';
import type { Squashing, Task } from '../task/task.js';

/** A function from model inputs to logits `[size, classes]`, differentiable by tfjs. */
export type LogitsFunction = (inputs: tf.Tensor | tf.Tensor[]) => tf.Tensor;

/** What VoG.js can score: a LayersModel with any head, a GraphModel, or a function. */
export type ScorableModel = tf.LayersModel | tf.GraphModel | LogitsFunction;

/** Where a model's logits are, when that cannot be read off the model itself. */
export interface LogitsOptions {
  /** Name of the layer (LayersModel) or node (GraphModel) that gives the logits; a softmax on it is left out. */
  readonly layer?: string;
  /** Name or index of the output to score; a model with several needs it, or `layer`. */
  readonly output?: number | string;
}

/** The outcome of one forward pass. */
export interface ForwardPass {
  /**
   * `[size, classes]`. A single sigmoid unit z of a binary model is given as the pair (-z/2, z/2); units of a multi-label
   * model and outputs of a regression are given as they are.
   */
  readonly logits: tf.Tensor2D;
  /** Whether the logits are the pair of a single unit; false unless told. */
  readonly isPair?: boolean;
  /** Outputs of the layers asked for, by name; under `PENULTIMATE` the input of the last one. */
  readonly features: Readonly<Record<string, tf.Tensor>>;
}

/** A model made ready for passes over the probe: live weights, nothing mutated, training = false. */
export interface BoundModel {
  /** Shapes of one example of each input, without the batch axis and with null where free; null when unknown. */
  readonly inputShapes: readonly (readonly (number | null)[])[] | null;
  /** What the model was trained for; null until a forward pass has told the number of units. Default: classification. */
  readonly task?: Task | null;
  /** Runs inside the caller's synchronous `tf.tidy`. */
  forward(inputs: readonly tf.Tensor[]): ForwardPass;
}

/** Turns a model into a `BoundModel`. Swappable: see `TrackerOptions.provide`. */
export interface ModelAdapter {
  /** @param question what the caller and the labels say of the task; without it logits are taken for classes */
  bind(model: ScorableModel, options: LogitsOptions, features: readonly string[], question?: TaskQuestion): BoundModel;
}

/** Gives raw outputs, in the terms of one kind of model. */
export interface RawModel {
  readonly inputShapes: BoundModel['inputShapes'];
  forward(inputs: readonly tf.Tensor[]): { logits: tf.Tensor; features: Record<string, tf.Tensor> };
  /** How the logits were found, for error messages. */
  readonly description: string;
  /** The outputs of a model with several, for error messages. */
  readonly outputs?: string;
  /** What the end of the model tells of its task. */
  readonly head: RawHead;
}

/** What the end of a model tells, without running it. */
export interface RawHead {
  /** What was left out behind the logits. */
  readonly squashing: Squashing;
  /** The activation in words. */
  readonly activation: string;
  /** Null where only a forward pass tells. */
  readonly units: number | null;
  readonly loss: CompiledLoss | null;
  /** The caller said so: a function of logits, or a layer named as theirs. */
  readonly areLogits: boolean;
}
