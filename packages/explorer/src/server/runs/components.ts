import { seededRandom } from '@vogjs/base';
import type { Features } from '@vogjs/run';

/** Rows that the directions are taken from; all rows are placed by them. */
const SAMPLE = 4000;
/** Directions that are followed beside the asked ones, so that these settle soon. */
const BESIDE = 6;
const ROUNDS = 12;

/** Where rows lie along the directions in which their features differ most. */
export interface Components {
  /** `[N, count]`, row-major; NaN for rows of zeros, and of features that are not finite. */
  readonly places: Float32Array;
  /** Share of the sample's variance along these directions, 0 to 1. */
  readonly share: number;
}

/**
 * Principal components of the features' directions: each row is taken at length 1, as neighbours are compared by their
 * cosine. Subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4) on up to 4,000 rows, evenly taken.
 */
export function componentsOf({ data, examples, size }: Features, count: number): Components {
  const lengths = Float64Array.from({ length: examples }, (_, row) => lengthOf(data, row * size, size));
  const usable = Array.from(lengths.keys()).filter((row) => (lengths[row] as number) > 0);
  const places = new Float32Array(examples * count).fill(Number.NaN);
  if (usable.length === 0) return { places, share: 0 };
  const step = Math.max(1, usable.length / SAMPLE);
  const sample = Array.from({ length: Math.floor(usable.length / step) }, (_, at) => usable[Math.floor(at * step)]!);
  const mean = new Float64Array(size);
  for (const row of sample) addRow(mean, data, row * size, 1 / (lengths[row] as number) / sample.length);
  const centred = new Float64Array(sample.length * size);
  for (const [at, row] of sample.entries()) {
    for (let i = 0; i < size; i++) {
      centred[at * size + i] = (data[row * size + i] as number) / (lengths[row] as number) - (mean[i] as number);
    }
  }
  const total = centred.reduce((sum, value) => sum + value * value, 0);
  const { directions, spreads } = settle(centred, size, Math.min(size, count + BESIDE));
  const kept = directions.slice(0, count);
  const offsets = kept.map((direction) => dot(direction, mean, 0, size));
  for (const row of usable) {
    for (const [k, direction] of kept.entries()) {
      const along = dot(direction, data, row * size, size) / (lengths[row] as number);
      places[row * count + k] = along - (offsets[k] as number);
    }
    // A run may have fewer features than were asked for.
    places.fill(0, row * count + kept.length, (row + 1) * count);
  }
  const held = spreads.slice(0, count).reduce((sum, value) => sum + value, 0);
  return { places, share: total > 0 ? held / total : 0 };
}

/** The directions of largest spread, largest first, and the sum of squares along each. */
function settle(centred: Float64Array, size: number, width: number): { directions: Float64Array[]; spreads: number[] } {
  const random = seededRandom(1);
  let found: Float64Array[] = Array.from({ length: width }, () =>
    Float64Array.from({ length: size }, () => random.normal()),
  );
  orthonormalise(found);
  for (let round = 0; round < ROUNDS; round++) {
    found = found.map((direction) => spreadAlong(centred, direction, size));
    orthonormalise(found);
  }
  const measured = found.map((direction) => {
    const image = spreadAlong(centred, direction, size);
    return { direction: faced(direction), spread: dot(direction, image, 0, size) };
  });
  measured.sort((a, b) => b.spread - a.spread);
  return { directions: measured.map(({ direction }) => direction), spreads: measured.map(({ spread }) => spread) };
}

/** X'X v. */
function spreadAlong(centred: Float64Array, direction: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size);
  for (let from = 0; from < centred.length; from += size) {
    addRow(result, centred, from, dot(direction, centred, from, size));
  }
  return result;
}

/** Gram and Schmidt, in place, each direction twice; one that others hold already becomes zero. */
function orthonormalise(directions: readonly Float64Array[]): void {
  for (const [at, direction] of directions.entries()) {
    const before = lengthOf(direction, 0, direction.length);
    for (const other of [...directions.slice(0, at), ...directions.slice(0, at)]) {
      addRow(direction, other, 0, -dot(direction, other, 0, other.length));
    }
    const length = lengthOf(direction, 0, direction.length);
    const scale = length > 1e-10 * before && Number.isFinite(length) ? 1 / length : 0;
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
}

/** A direction and its opposite are the same: the one whose largest entry is positive. */
function faced(direction: Float64Array): Float64Array {
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}

function addRow(to: Float64Array, from: ArrayLike<number>, start: number, times: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += times * (from[start + i] as number);
}

function dot(direction: Float64Array, data: ArrayLike<number>, start: number, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += (direction[i] as number) * (data[start + i] as number);
  return sum;
}

/** NaN where a value is not finite. */
function lengthOf(data: ArrayLike<number>, start: number, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += (data[start + i] as number) ** 2;
  return Number.isFinite(sum) ? Math.sqrt(sum) : Number.NaN;
}
