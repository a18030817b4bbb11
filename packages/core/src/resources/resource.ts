import type * as tf from '@tensorflow/tfjs';
import type { Task, TaskKind } from '../task/task.js';

/** What a resource's value may be: something on the device, computed for one chunk of the probe. */
export type ResourceValue = tf.Tensor | readonly tf.Tensor[];

/** Parameters of a resource: plain values, so that equal parameters mean the same value. */
export type ResourceParameters = Readonly<Record<string, string | number | boolean>>;

/** What a metric or a resource asks for, by the names it wants to use. */
export type Requirements = Readonly<Record<string, Resource<ResourceValue>>>;

/** The values of `Requirements`, under the same names. */
export type ValuesOf<R extends Requirements> = {
  readonly [Name in keyof R]: R[Name] extends Resource<infer Value> ? Value : never;
};

/** One chunk of the probe, as a resource sees it. */
export interface ChunkView {
  /** Inputs of the model, each `[size, ...]`. */
  readonly inputs: readonly tf.Tensor[];
  /** Integer labels, `[size]`; `null` when the probe has none, or none that are classes. */
  readonly labels: Int32Array | null;
  /** The model's task; asking for it takes the forward pass. */
  readonly task: Task;
  /** Number of examples in the chunk. */
  readonly size: number;
  /** Index in the probe of the chunk's first example. */
  readonly start: number;
  /** Number of classes, or of units, read off the logits. */
  readonly classes: number;
  /** Whether the model has a single unit z, which the logits give as the pair (-z/2, z/2). */
  readonly isPair: boolean;
  /**
   * What the model should give, `[size, classes]`: one-hot labels, multi-hot labels, or real targets.
   *
   * @throws VogError LABEL_INVALID without labels
   */
  targets(): tf.Tensor2D;
  /** Logits `[size, classes]`, from the one forward pass of this chunk. */
  logits(): tf.Tensor2D;
  /** Output of the layer `name`, from the one forward pass of this chunk. */
  features(name: string): tf.Tensor;
  /** Input gradient; one backward pass for each distinct request. */
  inputGradient(request: GradientRequest): tf.Tensor;
  /** Logits of other inputs than the chunk's, `[size, classes]`: one more forward pass at each call. */
  logitsAt(inputs: readonly tf.Tensor[]): tf.Tensor2D;
}

/** A scalar of each example's logits that can be differentiated: its derivative with respect to them. */
export interface Cotangent {
  /** Together with `parameters` its identity. */
  readonly name: string;
  readonly parameters?: ResourceParameters;
  /**
   * `[size, classes]`; pure, inside the backward pass.
   *
   * @param logits `[size, classes]`
   * @param selected the label asked for, one-hot, `[size, classes]`
   */
  readonly of: (logits: tf.Tensor2D, selected: tf.Tensor2D) => tf.Tensor2D;
}

/** Which input gradient is wanted. */
export interface GradientRequest {
  /**
   * What is differentiated: the selected logit, its probability, the model's loss, the output of a regression, or
   * anything else.
   */
  readonly activation: 'logit' | 'softmax' | 'loss' | 'output' | Cotangent;
  /** Which label selects it: the given one, the one predicted now, or a fixed one per probe example. */
  readonly label: 'true' | 'predicted' | Int32Array;
  /** One unit of the model for all examples, in place of the label. */
  readonly unit?: number;
  /** Index of the model input that it is taken with respect to. */
  readonly input: number;
}

/**
 * A named value that metrics share: computed at most once a chunk, and only when a due metric requires it. Resources of
 * one definition with the same parameters are the same resource; of two definitions under one name, one is refused.
 */
export interface Resource<Value extends ResourceValue = tf.Tensor> {
  readonly name: string;
  /** Identity: name and parameters. */
  readonly key: string;
  readonly requires: Requirements;
  compute(values: Readonly<Record<string, ResourceValue>>, chunk: ChunkView): Value;
  /** What it was made of; without it `compute` stands for that. */
  readonly definition?: object;
  /** Tasks in which this value means something; by default those in which all that it requires does. */
  readonly tasks?: readonly TaskKind[];
  /** What the engine has to provide in this chunk's passes. Only the built-in resources ask for anything. */
  readonly needs?: {
    readonly labels?: boolean;
    readonly forward?: boolean;
    readonly feature?: string;
    readonly gradient?: GradientRequest;
  };
}

/** `name` or `name({"a":1,"b":2})`, parameters sorted: the identity of a resource. */
export function resourceKey(name: string, parameters: ResourceParameters): string {
  const sorted = Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? name : `${name}(${JSON.stringify(Object.fromEntries(sorted))})`;
}
