import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import type { GradientEngine } from '../gradients/input-gradient.js';
import type { ForwardPass } from '../model/model.js';
import type { Task } from '../task/task.js';
import { taskOfLogits } from '../task/of-logits.js';
import { gradientKey } from '../resources/gradient-key.js';
import { oneHot } from '../resources/one-hot.js';
import type { Needs } from '../resources/needs.js';
import type { GradientRequest, Requirements, Resource, ResourceValue } from '../resources/resource.js';
import type { PassChunk } from './consumer.js';
import type { Examples } from './examples.js';
import type { WatchedModel } from './watched-model.js';

/** What a resource threw, and which: of those that build on one another the lowest. */
export class ResourceFailure extends Error {
  constructor(
    readonly resource: Pick<Resource<ResourceValue>, 'name' | 'key'>,
    readonly error: unknown,
  ) {
    super(`resource '${resource.name}' failed`);
  }
}

/** What a resolver works on: one chunk, read to the device. */
export interface ChunkInputsOnDevice {
  readonly inputs: readonly tf.Tensor[];
  readonly given: Examples['given'];
  readonly index: number;
  readonly start: number;
  readonly size: number;
}

/**
 * Gives each resource of one chunk its value, each computed at most once. Lives within one synchronous `tf.tidy`.
 *
 * When any gradient is due, the logits and features come from its forward pass, so that forward-only metrics beside VoG
 * cost no pass of their own.
 */
export class ChunkResolver implements PassChunk {
  private readonly values = new Map<string, ResourceValue>();
  private readonly gradients = new Map<string, tf.Tensor>();
  private pass: ForwardPass | undefined;
  private wanted: tf.Tensor2D | undefined;
  /** What failed once fails for all who want it: values and gradients by their keys. */
  private readonly failures = new Map<string, unknown>();
  private readonly given: Examples['given'];
  readonly index: number;
  readonly inputs: readonly tf.Tensor[];
  readonly start: number;
  readonly size: number;

  constructor(
    private readonly model: WatchedModel,
    private readonly engine: GradientEngine,
    private readonly needs: Needs,
    chunk: ChunkInputsOnDevice,
  ) {
    this.inputs = chunk.inputs;
    this.given = chunk.given;
    this.index = chunk.index;
    this.start = chunk.start;
    this.size = chunk.size;
  }

  get labels(): Int32Array | null {
    return this.given(this).labels;
  }

  private get rows(): Float32Array | null {
    return this.given(this).rows;
  }

  /**
   * Values of `requirements`, under their names.
   *
   * @throws ResourceFailure with what a resource threw
   */
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
    const { rows } = this;
    this.wanted ??=
      rows === null
        ? oneHot(this.givenLabels(), this.classes)
        : tf.tensor2d(rows, [this.size, rows.length / this.size]);
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
    const known = this.gradients.get(key);
    if (known !== undefined) return known;
    return this.onceFailed(key, () => {
      const { rows } = this;
      const pass = this.engine.run(this.model, this.inputs, {
        activation: request.activation,
        label: this.labelsFor(request),
        input: request.input,
        ...(request.unit === undefined ? {} : { unit: request.unit }),
        ...(rows !== null && request.label === 'true' ? { rows } : {}),
      });
      this.pass ??= pass;
      this.gradients.set(key, pass.gradient);
      return pass.gradient;
    });
  }

  /** Logits and input gradients that this chunk's passes have given so far; null before any forward pass. */
  get taken(): PassChunk['taken'] {
    return this.pass === undefined ? null : { logits: this.pass.logits, gradients: this.gradients };
  }

  logitsAt(inputs: readonly tf.Tensor[]): tf.Tensor2D {
    return this.model.forward(inputs).logits;
  }

  private valueOf(resource: Resource<ResourceValue>): ResourceValue {
    const known = this.values.get(resource.key);
    if (known !== undefined) return known;
    // A gradient's key is that of its resource, and has its own entry by then.
    return this.onceFailed(`resource ${resource.key}`, () => {
      const inner = this.resolve(resource.requires);
      try {
        const value = resource.compute(inner, this);
        this.values.set(resource.key, value);
        return value;
      } catch (error) {
        throw new ResourceFailure(resource, error);
      }
    });
  }

  private onceFailed<T>(key: string, make: () => T): T {
    if (this.failures.has(key)) throw this.failures.get(key);
    try {
      return make();
    } catch (error) {
      this.failures.set(key, error);
      throw error;
    }
  }

  private forwardPass(): ForwardPass {
    if (this.pass === undefined) this.tryGradient();
    this.pass ??= this.model.forward(this.inputs);
    return this.pass;
  }

  /** A gradient that cannot be had is the failure of those who want it, not of those who share its forward pass. */
  private tryGradient(): void {
    const [first] = this.needs.gradients.values();
    if (first === undefined) return;
    try {
      this.inputGradient(first);
    } catch (error) {
      if (this.model.threw(error)) throw error;
    }
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
