import type { Levels } from './levels.js';

const scratch = new DataView(new ArrayBuffer(4));

/** A whole number that orders as the float32 next to the value does: the bits, turned round for negative numbers. */
export function keyOf(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  return bits >>> 31 === 1 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
}

const [lowestKey, highestKey] = [keyOf(-Infinity), keyOf(Infinity)];

/** The float32 of a key; an infinity for the keys beyond it, which are those of NaN. */
export function valueOf(key: number): number {
  if (key <= lowestKey) return -Infinity;
  if (key >= highestKey) return Infinity;
  scratch.setUint32(0, key >>> 31 === 1 ? key & 0x7fffffff : ~key >>> 0);
  return scratch.getFloat32(0);
}

/**
 * Counts of both sides by confidence. A bin is a range of float32 values whose keys agree but for their last `coarseness`
 * bits; there are never more bins than allowed, and never coarser ones than that needs.
 *
 * What it holds does not depend on the order in which values come, nor on how they are split and merged. The
 * coarseness is the least at which all values fit, and a part never needs more than the whole.
 */
export class SideHistogram {
  readonly maximum: number;
  /** Bits of the float32 that are not told apart; 0 until there are too many distinct values. */
  coarseness = 0;
  /** Every value so far was a float32. */
  isFloat32 = true;
  #slots = new Map<number, number>();
  #counts: [number[], number[]] = [[], []];

  constructor(maximum: number) {
    this.maximum = maximum;
  }

  /** Adds one example of the in-distribution side (0) or the other (1). */
  add(side: 0 | 1, value: number): void {
    if (Math.fround(value) !== value) this.isFloat32 = false;
    this.#add(keyOf(value) >>> this.coarseness, side === 0 ? 1 : 0, side);
    if (this.#slots.size > this.maximum) this.#coarsen(this.coarseness + 1);
  }

  /** Adds all that another holds, which stays as it is. */
  merge(other: SideHistogram): void {
    this.isFloat32 &&= other.isFloat32;
    if (other.coarseness > this.coarseness) this.#coarsen(other.coarseness);
    for (const [key, slot] of other.#slots) {
      const own = key >>> (this.coarseness - other.coarseness);
      this.#add(own, other.#counts[0][slot]!, other.#counts[1][slot]!);
    }
    if (this.#slots.size > this.maximum) this.#coarsen(this.coarseness + 1);
  }

  /** The bins, from the highest confidence down; `confidence` is the lowest float32 of each. */
  levels(): Levels {
    const keys = Float64Array.from(this.#slots.keys()).sort().reverse();
    const inAbove = new Float64Array(keys.length);
    const outAbove = new Float64Array(keys.length);
    let [ins, outs] = [0, 0];
    for (const [level, key] of keys.entries()) {
      const slot = this.#slots.get(key)!;
      inAbove[level] = ins += this.#counts[0][slot]!;
      outAbove[level] = outs += this.#counts[1][slot]!;
    }
    const width = 2 ** this.coarseness;
    return {
      confidence: keys.map((key) => valueOf(key * width)),
      highest: keys.map((key) => valueOf(key * width + width - 1)),
      inAbove,
      outAbove,
    };
  }

  #add(key: number, ins: number, outs: number): void {
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.#slots.size;
      this.#slots.set(key, slot);
      this.#counts[0].push(0);
      this.#counts[1].push(0);
    }
    this.#counts[0][slot]! += ins;
    this.#counts[1][slot]! += outs;
  }

  #coarsen(coarseness: number): void {
    const [slots, counts, before] = [this.#slots, this.#counts, this.coarseness];
    for (let next = coarseness; ; next++) {
      this.coarseness = next;
      this.#slots = new Map();
      this.#counts = [[], []];
      for (const [key, slot] of slots) this.#add(key >>> (next - before), counts[0][slot]!, counts[1][slot]!);
      if (this.#slots.size <= this.maximum) return;
    }
  }
}
