import { arrayLike, checkOptions, listOf, text, VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import type { ExampleId } from '../scores/facts.js';
import { targetsOf, type TaskTargets } from '../task/targets.js';
import type { Task } from '../task/task.js';
import { classesIfAny, type GivenLabels, type ProbeLabels, readLabels } from '../labels/labels.js';
import type { ProbeInputs } from './inputs.js';
import { checkFinite, type InputSource, sourceOf } from './sources.js';

/** The fixed set of examples that is scored at every checkpoint. */
export interface ProbeOptions {
  readonly inputs: ProbeInputs;
  /** Needed unless every metric works without labels. */
  readonly labels?: ProbeLabels | undefined;
  /** Stable identities, by default the index of each example. */
  readonly ids?: readonly ExampleId[] | undefined;
  readonly classNames?: readonly string[] | undefined;
}

/** The examples of a probe by name: one entry each, in the probe's order. */
export interface ProbeExamples {
  readonly ids: readonly ExampleId[];
  /** Class indices `[size]`; null without labels, and where labels are multi-hot or real targets. */
  readonly labels: Int32Array | null;
  readonly classNames: readonly string[] | undefined;
}

const names = listOf(text);

/** A checked probe: same examples, same order, same chunks, at every checkpoint. */
export class Probe {
  readonly size: number;
  /** Shape of one example of each input, without the batch axis. */
  readonly inputShapes: readonly (readonly number[])[];
  readonly ids: readonly ExampleId[];
  private readonly givenNames: readonly string[] | undefined;
  private readonly source: InputSource;
  private pendingLabels: GivenLabels | Promise<GivenLabels> | null;
  private known: GivenLabels | null = null;
  private reading: TaskTargets | null = null;
  private asClasses: Int32Array | null = null;
  private prepared: Promise<void> | undefined;
  /** How far each stretch of a chunk source, by its start, was checked for NaN: the trial pass reads a shorter one. */
  private readonly checked = new Map<number, number>();

  constructor(options: ProbeOptions) {
    checkOptions(
      'a probe',
      { ids: options.ids, classNames: options.classNames },
      { ids: arrayLike, classNames: names },
    );
    this.source = sourceOf(options.inputs);
    this.size = this.source.size;
    this.inputShapes = this.source.shapes;
    this.ids = checkIds(options.ids, this.size);
    this.givenNames = options.classNames;
    this.pendingLabels =
      options.labels === undefined ? null : readLabels(options.labels, this.size, options.classNames);
    if (this.pendingLabels !== null && !(this.pendingLabels instanceof Promise)) this.know(this.pendingLabels);
    // A rejected label read is reported by prepare(), which every use goes through.
    else this.pendingLabels?.catch(() => {});
  }

  /** Labels as they were given. Known after `prepare()`. */
  get given(): GivenLabels | null {
    return this.known;
  }

  /**
   * Integer labels `[size]`; null without labels, or where they are no classes. Known after `prepare()`; before the model
   * tells its task, whole numbers count as classes.
   */
  get labels(): Int32Array | null {
    return this.reading === null ? this.asClasses : this.reading.classes;
  }

  /** Names of the classes: those given, or those that the labels were. */
  get classNames(): readonly string[] | undefined {
    return this.givenNames ?? this.known?.names?.list;
  }

  /** Number of classes as labels or class names tell it; null when only the model knows. */
  get classes(): number | null {
    const width = this.known?.width ?? 1;
    return width > 1 ? width : (this.classNames?.length ?? null);
  }

  /** Multi-hot labels or real targets of examples `start` to `end`, `[end - start, units]`; null where labels are classes. */
  rows(start: number, end: number): Float32Array | null {
    const rows = this.reading?.rows ?? null;
    return rows === null ? null : rows.subarray((start * rows.length) / this.size, (end * rows.length) / this.size);
  }

  /** Reads the labels as the model's task means them. */
  settle(task: Task): void {
    if (this.known !== null) this.reading ??= targetsOf(task, this.known);
  }

  /** Finishes the checks that need the device: labels and inputs given as tensors. */
  prepare(): Promise<void> {
    this.prepared ??= (async () => {
      const labels = await this.pendingLabels;
      if (labels !== null) this.know(labels);
      await this.source.check();
    })();
    return this.prepared;
  }

  /** Who is in it, once labels that were given as a tensor have been read. */
  async examples(): Promise<ProbeExamples> {
    await this.prepare();
    const { ids, labels, classNames } = this;
    return { ids, labels, classNames };
  }

  /** Inputs of examples `start` to `end`; the caller owns the tensors. */
  async read(start: number, end: number): Promise<tf.Tensor[]> {
    const inputs = await this.source.read(start, end);
    if (!this.source.checksItself && (this.checked.get(start) ?? start) < end) {
      try {
        for (const input of inputs) await checkFinite(input, start);
      } catch (error) {
        tf.dispose(inputs);
        throw error;
      }
      this.checked.set(start, end);
    }
    return inputs;
  }

  private know(labels: GivenLabels): void {
    this.known = labels;
    this.asClasses = classesIfAny(labels);
  }
}

function checkIds(ids: readonly ExampleId[] | undefined, size: number): readonly ExampleId[] {
  if (ids === undefined) return Array.from({ length: size }, (_, i) => i);
  if (!Array.isArray(ids)) {
    const got = ids === null ? 'null' : typeof ids;
    throw new VogError(
      'ARGUMENT_INVALID',
      `ids must be an array of strings or numbers, one per example; got ${got}. Array.from() makes one of a typed array.`,
    );
  }
  if (ids.length !== size) {
    throw new VogError(
      'INPUT_SHAPE',
      `ids has length ${ids.length}, for ${size} examples. Give one id per example, or none.`,
    );
  }
  const seen = new Map<string, number>();
  for (const [i, id] of (ids as readonly unknown[]).entries()) {
    if (typeof id !== 'string' && !(typeof id === 'number' && Number.isFinite(id))) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `The id of example ${i} is ${typeof id} ${String(id)}; an id is a string or a finite number. String(id) makes it one.`,
      );
    }
    const first = seen.get(String(id));
    if (first !== undefined) {
      throw new VogError(
        'IDS_DUPLICATE',
        `Examples ${first} and ${i} share the id '${id}'. Ids must be unique: they name examples in every result.`,
      );
    }
    seen.set(String(id), i);
  }
  return ids;
}
