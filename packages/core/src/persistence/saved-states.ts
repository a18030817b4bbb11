import type { PlacedEntry, SafetensorsType } from '@vogjs/formats';
import * as tf from '@tensorflow/tfjs';
import type { InitContext, Metric } from '../metrics/metric.js';
import type { Segment } from '../schedule/segments.js';
import type { Chunk } from '../pass/chunks.js';
import { initialState } from '../run/metric-state.js';
import { damaged, type Header } from './saved-header.js';
import type { StateKey } from '../run/state-store.js';

/** The types of state tensors, and their names in the file. */
export const SAVED_TYPES: Readonly<Record<string, SafetensorsType>> = { float32: 'F32', int32: 'I32', bool: 'BOOL' };

/** Every state that a run has, metric by metric: those of metrics that saw a checkpoint, for every chunk. */
export function statesOf(
  counts: Header['counts'],
  metrics: readonly Metric[],
  segments: readonly Segment[],
  chunks: readonly Chunk[],
): StateKey[] {
  return metrics.flatMap(({ name: metric }) =>
    segments
      .filter(({ name }) => (countsOf(counts, metric)[name] ?? 0) > 0)
      .flatMap(({ name: segment }) => chunks.map(({ index: chunk }) => ({ metric, segment, chunk }))),
  );
}

/** Counts of a metric. A name such as 'constructor' is looked up among own keys only. */
export function countsOf(counts: Header['counts'], metric: string): Readonly<Record<string, number>> {
  const own = Object.hasOwn(counts, metric) ? counts[metric] : {};
  return Object.assign(Object.create(null) as Record<string, number>, own);
}

/** The name of a state's tensor in the file. */
export function tensorName({ metric, segment, chunk }: StateKey, field: string): string {
  return `${metric}|${segment}|${chunk}|${field}`;
}

/** One tensor of a metric's state as it must be; a dimension is null where it hangs on an unknown number of classes. */
interface Field {
  readonly name: string;
  readonly dtype: SafetensorsType | undefined;
  readonly shape: readonly (number | null)[];
}

/** What `init` makes for chunks of each size: names, types and shapes of a state never change after that. */
export class StateShapes {
  private readonly known = new Map<string, readonly Field[]>();

  constructor(
    private readonly inputShapes: readonly (readonly number[])[],
    private readonly classes: number | null,
  ) {}

  of(metric: Metric, size: number): readonly Field[] {
    const key = `${size} ${metric.name}`;
    const known = this.known.get(key) ?? this.make(metric, size);
    this.known.set(key, known);
    return known;
  }

  private make(metric: Metric, size: number): Field[] {
    if (this.classes !== null) return fieldsOf(metric, this.context(size, this.classes));
    // Files of the first release do not tell the classes: what two numbers of them make different is not known.
    const [few, more] = [7, 11].map((classes) => fieldsOf(metric, this.context(size, classes))) as [Field[], Field[]];
    return few.map((field, i) => ({
      ...field,
      shape: field.shape.map((length, axis) => (more[i]?.shape[axis] === length ? length : null)),
    }));
  }

  private context(size: number, classes: number): InitContext {
    const { inputShapes } = this;
    return { size, inputShape: inputShapes[0] ?? [], inputShapes, classes };
  }
}

function fieldsOf(metric: Metric, context: InitContext): Field[] {
  return tf.tidy(() =>
    Object.entries(initialState(metric, context, 0)).map(([name, { dtype, shape }]) => ({
      name,
      dtype: SAVED_TYPES[dtype],
      shape,
    })),
  );
}

/** A state and where its tensors are in the file. */
export interface SavedState {
  readonly key: StateKey;
  readonly tensors: readonly { readonly field: string; readonly entry: PlacedEntry }[];
}

/**
 * Finds the tensors of states in a file, and checks that they are those that the states must have.
 *
 * @throws VogError STATE_INVALID for a tensor that is missing, too many, or of another type or shape
 */
export function checkTensors(
  entries: readonly PlacedEntry[],
  keys: readonly StateKey[],
  fieldsFor: (key: StateKey) => readonly Field[],
): SavedState[] {
  const unseen = new Map(entries.map((entry) => [entry.name, entry]));
  // Dimensions that hang on the number of classes are the same in every state of a metric.
  const perClass = new Map<string, number>();
  const find = (key: StateKey, field: Field): PlacedEntry => {
    const name = tensorName(key, field.name);
    const entry = unseen.get(name);
    if (entry === undefined) throw damaged(`it lacks the tensor ${name}`);
    unseen.delete(name);
    const expected = field.shape.map((length, axis) => length ?? perClass.get(`${key.metric}|${field.name}|${axis}`));
    const fits =
      entry.dtype === field.dtype &&
      entry.shape.length === expected.length &&
      entry.shape.every((length, axis) => (expected[axis] ?? length) === length);
    if (!fits) {
      const wanted = `${field.dtype} [${expected.map((length) => length ?? 'classes').join(', ')}]`;
      throw damaged(`its tensor ${name} is ${entry.dtype} [${entry.shape.join(', ')}], expected ${wanted}`);
    }
    for (const [axis, length] of entry.shape.entries()) perClass.set(`${key.metric}|${field.name}|${axis}`, length);
    return entry;
  };
  const states = keys.map((key) => ({
    key,
    tensors: fieldsFor(key).map((field) => ({ field: field.name, entry: find(key, field) })),
  }));
  const [extra] = unseen.keys();
  if (extra !== undefined) throw damaged(`it holds a tensor ${JSON.stringify(extra)}, which no state of it has`);
  return states;
}
