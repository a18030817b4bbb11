import type { Attribute, Metadata, Values } from '../native/native-backend.js';

export type Form = Omit<Metadata, 'id'>;

/**
 * What a section's operations work on, numbered in the order of first use. `given` comes from outside or from the host, and
 * is another one each time; `constant` is part of the recording; `made` is the result of a call.
 */
export type Slot = Form &
  ({ readonly kind: 'given' | 'made' } | { readonly kind: 'constant'; readonly values: ArrayLike<number> });

/** One operation of a section. */
export interface Call {
  readonly operation: string;
  readonly attributes: readonly Attribute[];
  /** Slots. */
  readonly inputs: readonly number[];
  /** Inputs that appear here for the first time: their slots are numbered on from `firstNew`. */
  readonly newSlots: readonly Slot[];
  readonly firstNew: number;
  readonly outputs: readonly Form[];
  /** Slot of the first output; the others follow. */
  readonly firstOutput: number;
}

/** All that a section asked of TensorFlow. */
export interface Trace {
  readonly slots: readonly Slot[];
  readonly calls: readonly Call[];
  /** Slots of the results that outlive the section, ascending. */
  readonly results: readonly number[];
}

export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  // `Object.is`: a constant of -0 is not one of 0, and NaN is itself.
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

export function sameForm(a: Form, b: Form): boolean {
  return a.dtype === b.dtype && sameNumbers(a.shape, b.shape);
}

function sameSlot(a: Slot, b: Slot): boolean {
  if (a.kind !== b.kind || !sameForm(a, b)) return false;
  return a.kind !== 'constant' || b.kind !== 'constant' || sameNumbers(a.values, b.values);
}

function sameValue(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, i) => sameValue(each, b[i]));
  return Object.is(a, b);
}

/** Whether a call is one that was recorded, as far as it is known before it was computed. */
export function sameCall(recorded: Call, call: Omit<Call, 'outputs'>, outputs: number): boolean {
  return (
    recorded.operation === call.operation &&
    recorded.outputs.length === outputs &&
    recorded.firstNew === call.firstNew &&
    sameNumbers(recorded.inputs, call.inputs) &&
    recorded.newSlots.length === call.newSlots.length &&
    recorded.newSlots.every((slot, i) => sameSlot(slot, call.newSlots[i]!)) &&
    recorded.attributes.length === call.attributes.length &&
    recorded.attributes.every((attribute, i) => {
      const other = call.attributes[i]!;
      return attribute.name === other.name && attribute.type === other.type && sameValue(attribute.value, other.value);
    })
  );
}

/** Whether two calls are one, and gave the same forms. */
export function sameWhole(a: Call, b: Call): boolean {
  return sameCall(a, b, b.outputs.length) && a.outputs.every((form, i) => sameForm(form, b.outputs[i]!));
}

/** A copy that nobody writes to later. */
export function frozen(values: Values): ArrayLike<number> {
  return values.slice();
}
