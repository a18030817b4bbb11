import type { Attribute, Binding, Metadata, NativeBackend, Stored, Values } from '../native/native-backend.js';
import { behind, type Hooks } from './behind.js';
import { byValue } from './operations.js';
import { type Call, type Form, frozen, sameCall, sameForm, sameWhole, type Slot, type Trace } from './trace.js';

/** Handles of results that are not computed yet; TensorFlow's own are far below. */
const FIRST_PROMISE = 2 ** 40;

/** What a section has put off: in this order it is made good when the section turns out to be another one. */
type PutOff = { readonly call: Call } | { readonly deleted: number };

/**
 * One synchronous section of calls to TensorFlow, watched from behind tfjs-node's backend.
 *
 * ```
 * while each call is the next one of some recording:   nothing is computed, the recorded shapes are the answer
 * at the first that is not, or when a value is read:    what was put off is computed, in order; the rest at once
 * ```
 *
 * So JavaScript runs once and sees what it would see without us, whatever it does. What a section did is in `trace`.
 */
export class Section {
  readonly slots: Slot[] = [];
  readonly calls: Call[] = [];
  /** Why the section cannot be recorded; null where it can. */
  obstacle: string | null = null;
  /** Recordings that all calls so far agree with. */
  private candidates: readonly Trace[];
  /** Whether the others were asked for, or no longer count. */
  private hasAsked = false;
  private readonly slotOf = new Map<number, number>();
  private readonly idOf: number[] = [];
  /** What was made from values on the host and has not been used yet. */
  private readonly fresh = new Map<number, Form & { readonly values: Values }>();
  /** Results that nobody has disposed. */
  private readonly alive = new Set<number>();
  /** What tfjs-node keeps of the tensors of this section, by handle. */
  private readonly stored = new Map<number, Stored>();
  /** Handles that came from outside and were disposed: a session may still be fed with them. */
  private readonly disposed: number[] = [];
  private putOff: PutOff[] = [];
  private nextPromise = FIRST_PROMISE;
  private readonly native: Binding;

  constructor(
    private readonly backend: NativeBackend,
    recordings: readonly Trace[],
    /** Asked for only where none of `recordings` goes on, so that they cost nothing while one does. */
    private readonly others: () => readonly Trace[] = () => [],
  ) {
    this.native = backend.binding;
    this.candidates = recordings;
  }

  /** Whether every call so far was put off. */
  get isPromised(): boolean {
    return this.putOff.length > 0;
  }

  /** Runs it. Afterwards the backend is what it was before. */
  run<T>(section: () => T): T {
    const { native } = this;
    const hooks: Hooks = {
      used: (id, stored) => {
        if (!this.stored.has(id)) this.stored.set(id, stored);
      },
      wrapped: (id, stored) => this.stored.set(id, stored),
      binding: {
        executeOp: (name, attributes, inputs, outputs) => this.execute(name, attributes, inputs, outputs),
        createTensor: (shape, dtype, values) => {
          const id = native.createTensor(shape, dtype, values);
          this.fresh.set(id, { shape: [...shape], dtype, values });
          return id;
        },
        deleteTensor: (id) => this.delete(id),
        tensorDataSync: (id) => {
          this.giveUp('a value was read to the host in the middle of a chunk');
          return native.tensorDataSync(this.real(id));
        },
      },
    };
    return behind(this.backend, hooks, section);
  }

  /** All that was asked. */
  get trace(): Trace {
    const results = [...this.alive].map((id) => this.slotOf.get(id)!).toSorted((a, b) => a - b);
    return { slots: this.slots, calls: this.calls, results };
  }

  /** Recordings of exactly these calls. */
  get matching(): readonly Trace[] {
    return this.candidates.filter(({ calls }) => calls.length === this.calls.length);
  }

  /** The handle of a slot that came from outside. */
  readonly given = (slot: number): number => this.idOf[slot]!;

  /** The results as they were computed, in the order of the trace. */
  computed(): Metadata[] {
    return this.trace.results.map((slot) => ({
      ...this.slots[slot]!,
      shape: this.slots[slot]!.shape,
      id: this.idOf[slot]!,
    }));
  }

  /** Puts a session's results in the place of those that were promised or computed here. */
  take(results: readonly Metadata[]): void {
    for (const [i, slot] of this.trace.results.entries()) {
      const old = this.idOf[slot]!;
      this.settle(slot, results[i]!.id);
      if (old < FIRST_PROMISE) this.native.deleteTensor(old);
    }
    this.putOff = [];
  }

  /** Computes what was put off; from then on everything is computed at once. */
  compute(): void {
    const { putOff } = this;
    this.putOff = [];
    this.candidates = [];
    this.hasAsked = true;
    for (const each of putOff) {
      if ('deleted' in each) this.native.deleteTensor(this.idOf[each.deleted]!);
      else {
        const { operation, attributes, inputs, outputs, firstOutput } = each.call;
        const ids = inputs.map((slot) => this.idOf[slot]!);
        const made = this.native.executeOp(operation, attributes, ids, outputs.length);
        for (const [i, result] of made.entries()) {
          if (!sameForm(result, outputs[i]!))
            throw new Error(`unreachable: ${operation} gave another shape than before`);
          this.settle(firstOutput + i, result.id);
        }
      }
    }
  }

  /** Frees what was kept back for a session, and lets go of the rest: an old generation would keep all of it for long. */
  end(): void {
    for (const id of this.disposed) this.native.deleteTensor(id);
    this.disposed.length = 0;
    for (const each of [this.slotOf, this.fresh, this.alive, this.stored]) each.clear();
    this.idOf.length = 0;
    this.candidates = [];
    this.putOff = [];
  }

  private execute(
    operation: string,
    attributes: readonly Attribute[],
    ids: readonly number[],
    count: number,
  ): Metadata[] {
    if (this.obstacle === null && byValue(operation, ids.length) === null) {
      this.giveUp(`the operation ${operation} is not known to be one that can be recorded`);
    }
    const call = this.obstacle === null ? this.callOf(operation, attributes, ids) : null;
    if (call === null)
      return this.native.executeOp(
        operation,
        attributes,
        ids.map((id) => this.real(id)),
        count,
      );
    const at = this.calls.length;
    this.candidates = this.goingOn(call, count);
    const recorded = this.candidates[0]?.calls[at];
    if (recorded !== undefined) return this.promise(recorded);
    if (this.isPromised) this.compute();
    const made = this.attempt(() =>
      this.native.executeOp(
        operation,
        attributes,
        ids.map((id) => this.real(id)),
        count,
      ),
    );
    this.calls.push({ ...call, outputs: made.map(({ shape, dtype }) => ({ shape: [...shape], dtype })) });
    for (const [i, { id }] of made.entries()) this.made(this.calls.at(-1)!.outputs[i]!, id);
    return made;
  }

  /** The recordings that agree with all calls so far, and with this one. */
  private goingOn(call: Omit<Call, 'outputs'>, count: number): readonly Trace[] {
    const at = this.calls.length;
    const goOn = (traces: readonly Trace[]): readonly Trace[] =>
      traces.filter(({ calls }) => calls[at] !== undefined && sameCall(calls[at], call, count));
    const left = goOn(this.candidates);
    if (left.length > 0 || this.hasAsked) return left;
    this.hasAsked = true;
    const others = this.others().filter(({ calls }) =>
      this.calls.every((each, i) => calls[i] !== undefined && sameWhole(calls[i], each)),
    );
    return goOn(others);
  }

  private attempt(compute: () => Metadata[]): Metadata[] {
    try {
      return compute();
    } catch (error) {
      this.obstacle = 'an operation failed';
      throw error;
    }
  }

  /** Answers with what was recorded. */
  private promise(call: Call): Metadata[] {
    this.calls.push(call);
    this.putOff.push({ call });
    return call.outputs.map((form) => {
      const id = this.nextPromise++;
      this.made(form, id);
      return { id, shape: [...form.shape], dtype: form.dtype };
    });
  }

  private made(form: Form, id: number): void {
    this.slotOf.set(id, this.slots.length);
    this.idOf.push(id);
    this.slots.push({ kind: 'made', ...form });
    this.alive.add(id);
  }

  /** The call in slots; null, with an obstacle, where it cannot be recorded. */
  private callOf(
    operation: string,
    attributes: readonly Attribute[],
    ids: readonly number[],
  ): Omit<Call, 'outputs'> | null {
    const constant = byValue(operation, ids.length)!;
    const firstNew = this.slots.length;
    const inputs: number[] = [];
    for (const [position, id] of ids.entries()) {
      const isByValue = constant.includes(position);
      const slot = this.slotOf.get(id) ?? this.introduce(id, isByValue);
      if (slot === null || (isByValue && this.slots[slot]!.kind !== 'constant')) {
        this.giveUp(`the operation ${operation} takes a shape or an axis from a tensor that is not a constant`);
        return null;
      }
      inputs.push(slot);
    }
    const newSlots = this.slots.slice(firstNew);
    return { operation, attributes, inputs, newSlots, firstNew, firstOutput: this.slots.length };
  }

  private introduce(id: number, isByValue: boolean): number | null {
    const slot = this.slots.length;
    const fresh = this.fresh.get(id);
    const stored = this.stored.get(id);
    if (fresh !== undefined && isByValue) {
      const { shape, dtype, values } = fresh;
      this.slots.push({ kind: 'constant', shape, dtype, values: frozen(values) });
    } else {
      const form = fresh ?? stored;
      if (form === undefined) return null;
      this.slots.push({ kind: 'given', shape: [...form.shape], dtype: form.dtype });
    }
    this.fresh.delete(id);
    this.slotOf.set(id, slot);
    this.idOf[slot] = id;
    return slot;
  }

  private delete(id: number): void {
    const slot = this.slotOf.get(id);
    if (id >= FIRST_PROMISE) {
      // Only a promise that was never made good still has such a number.
      this.putOff.push({ deleted: slot! });
      this.alive.delete(id);
    } else if (slot !== undefined && this.slots[slot]!.kind !== 'made') this.disposed.push(id);
    else {
      this.alive.delete(id);
      this.native.deleteTensor(id);
    }
  }

  private giveUp(why: string): void {
    this.obstacle ??= why;
    if (this.isPromised) this.compute();
  }

  /** A promise that has been made good since its number was given out. */
  private real(id: number): number {
    return id < FIRST_PROMISE ? id : this.idOf[this.slotOf.get(id)!]!;
  }

  /** Gives a slot's tensor a handle of TensorFlow's. */
  private settle(slot: number, id: number): void {
    const old = this.idOf[slot]!;
    this.idOf[slot] = id;
    this.slotOf.set(id, slot);
    if (!this.alive.delete(old)) return;
    this.alive.add(id);
    const stored = this.stored.get(old);
    if (stored === undefined) return;
    stored.id = id;
    this.stored.set(id, stored);
  }
}
