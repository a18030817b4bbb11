import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import type { GradientEngine } from '../gradients/input-gradient.js';
import type { BoundModel, ForwardPass } from '../model/adapter.js';
import { type Task, TASK_KINDS, type TaskKind } from '../task/task.js';
import { taskOfLogits } from '../task/resolve.js';
import { gradientKey } from './gradient-key.js';
import { oneHot } from './one-hot.js';
import type { ChunkView, GradientRequest, Requirements, Resource, ResourceValue } from './resource.js';

/** Everything that a set of metrics needs of a pass, read off their requirements. */
export interface Needs {
  readonly labels: boolean;
  readonly forward: boolean;
  readonly features: readonly string[];
  /** Distinct gradients, by resource key. */
  readonly gradients: ReadonlyMap<string, GradientRequest>;
  /** Tasks in which all of it means something. */
  readonly tasks: readonly TaskKind[];
}

/** Collects the needs of all resources reachable from `requirements`. */
export function needsOf(requirements: readonly Requirements[]): Needs {
  const features = new Set<string>();
  const gradients = new Map<string, GradientRequest>();
  let labels = false;
  let forward = false;
  let tasks = TASK_KINDS;
  const seen = new Set<string>();
  const visit = (resource: Resource<ResourceValue>): void => {
    if (seen.has(resource.key)) return;
    seen.add(resource.key);
    labels ||= resource.needs?.labels === true;
    forward ||= resource.needs?.forward === true;
    if (resource.needs?.feature !== undefined) features.add(resource.needs.feature);
    if (resource.needs?.gradient !== undefined) gradients.set(resource.key, resource.needs.gradient);
    const { tasks: own } = resource;
    if (own !== undefined) tasks = tasks.filter((kind) => own.includes(kind));
    for (const inner of Object.values(resource.requires)) visit(inner);
  };
  for (const required of requirements) for (const resource of Object.values(required)) visit(resource);
  return { labels, forward, features: [...features], gradients, tasks };
}

/** What a resolver works on: one chunk, read to the device. */
export interface ChunkInputsOnDevice {
  readonly inputs: readonly tf.Tensor[];
  readonly labels: Int32Array | null;
  /** Multi-hot labels or real targets, `[size, units]`, where the labels are no classes. */
  readonly rows?: Float32Array | null;
  readonly start: number;
  readonly size: number;
}

/**
 * Gives each resource of one chunk its value, each computed at most once. Lives within one synchronous `tf.tidy`.
 *
 * When any gradient is due, the logits and features come from its forward pass, so that forward-only metrics beside VoG
 * cost no pass of their own.
 */
export class ChunkResolver implements ChunkView {
  private readonly values = new Map<string, ResourceValue>();
  private readonly gradients = new Map<string, tf.Tensor>();
  private pass: ForwardPass | undefined;
  private wanted: tf.Tensor2D | undefined;
  private readonly rows: Float32Array | null;
  readonly inputs: readonly tf.Tensor[];
  readonly labels: Int32Array | null;
  readonly start: number;
  readonly size: number;

  constructor(
    private readonly model: BoundModel,
    private readonly engine: GradientEngine,
    private readonly needs: Needs,
    chunk: ChunkInputsOnDevice,
  ) {
    this.inputs = chunk.inputs;
    this.labels = chunk.labels;
    this.rows = chunk.rows ?? null;
    this.start = chunk.start;
    this.size = chunk.size;
  }

  /** Values of `requirements`, under their names. */
  resolve(requirements: Requirements): Record<string, ResourceValue> {
    return Object.fromEntries(Object.entries(requirements).map(([name, resource]) => [name, this.valueOf(resource)]));
  }

  get classes(): number {
    return this.logits().shape[1];
  }

  get isPair(): boolean {
    return this.forwardPass().isPair === true;
  }

  get task(): Task {
    const { logits } = this.forwardPass();
    return this.model.task ?? taskOfLogits(logits.shape[1]);
  }

  targets(): tf.Tensor2D {
    this.wanted ??=
      this.rows === null
        ? oneHot(this.givenLabels(), this.classes)
        : tf.tensor2d(this.rows, [this.size, this.rows.length / this.size]);
    return this.wanted;
  }

  logits(): tf.Tensor2D {
    return this.forwardPass().logits;
  }

  features(name: string): tf.Tensor {
    const value = this.forwardPass().features[name];
    if (value === undefined) {
      throw new VogError(
        'LAYER_UNKNOWN',
        `features('${name}') was not announced. Require the resource features('${name}') instead of reading it off the chunk.`,
      );
    }
    return value;
  }

  inputGradient(request: GradientRequest): tf.Tensor {
    const key = gradientKey(request);
    let gradient = this.gradients.get(key);
    if (gradient === undefined) {
      const pass = this.engine.run(this.model, this.inputs, {
        activation: request.activation,
        label: this.labelsFor(request),
        input: request.input,
        ...(request.unit === undefined ? {} : { unit: request.unit }),
        ...(this.rows !== null && request.label === 'true' ? { rows: this.rows } : {}),
      });
      this.pass ??= pass;
      gradient = pass.gradient;
      this.gradients.set(key, gradient);
    }
    return gradient;
  }

  /** Logits and input gradients that this chunk's passes have given so far; null before any forward pass. */
  get taken(): { readonly logits: tf.Tensor2D; readonly gradients: ReadonlyMap<string, tf.Tensor> } | null {
    return this.pass === undefined ? null : { logits: this.pass.logits, gradients: this.gradients };
  }

  logitsAt(inputs: readonly tf.Tensor[]): tf.Tensor2D {
    return this.model.forward(inputs).logits;
  }

  private valueOf(resource: Resource<ResourceValue>): ResourceValue {
    const known = this.values.get(resource.key);
    if (known !== undefined) return known;
    const value = resource.compute(this.resolve(resource.requires), this);
    this.values.set(resource.key, value);
    return value;
  }

  private forwardPass(): ForwardPass {
    if (this.pass === undefined) {
      const [first] = this.needs.gradients.values();
      if (first !== undefined) this.inputGradient(first);
      else this.pass = this.model.forward(this.inputs);
    }
    if (this.pass === undefined) throw new Error('unreachable: a gradient pass leaves its forward pass');
    return this.pass;
  }

  private labelsFor({ label, activation, unit }: GradientRequest): Int32Array | 'predicted' {
    if (label === 'predicted') return 'predicted';
    if (label !== 'true') return label.subarray(this.start, this.start + this.size);
    // An output and a unit that was named need no label; rows say more than one label could.
    const needsNone = activation === 'output' || unit !== undefined || this.model.task?.kind === 'regression';
    if (this.rows !== null || (needsNone && activation !== 'loss')) return 'predicted';
    return this.givenLabels();
  }

  private givenLabels(): Int32Array {
    if (this.labels !== null) return this.labels;
    throw new VogError(
      'LABEL_INVALID',
      "A metric needs labels and the probe has none. Pass `labels`, or use label: 'predicted'.",
    );
  }
}
