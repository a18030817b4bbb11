import { seededRandom } from '@vogjs/base';
import { squaredDistance } from './distance.js';
import type { Rows } from './rows.js';

/** Rows sorted into cells around centres: what lies in one cell lies side by side in memory. */
export interface Cells {
  readonly count: number;
  readonly width: number;
  /** `[count, width]` */
  readonly centres: Float32Array;
  /** Where each cell begins in the lists below; one entry more than cells. */
  readonly starts: Int32Array;
  /** Row numbers, cell after cell. */
  readonly rows: Int32Array;
  /** Their values, in the same order. */
  readonly data: Float32Array;
  /** Distance of each to the centre of its cell; in float64, since what is near is told by their differences. */
  readonly radii: Float64Array;
}

const ROUNDS = 4;
/** Rows that the centres are found from. */
const SAMPLE = 20_000;

/** k-means with about sqrt(N) centres, from a sample; the sorting of an inverted file (Sivic & Zisserman 2003). */
export function makeCells(rows: Rows): Cells {
  const { data, width } = rows;
  const members = Int32Array.from({ length: rows.size }, (_, i) => i).filter((i) => rows.known[i] === 1);
  const count = Math.max(1, Math.min(members.length, Math.round(Math.sqrt(members.length))));
  const order = seededRandom(0).shuffle(members.length);
  const sample = Array.from(order.subarray(0, SAMPLE), (at) => members[at]!);
  const centres = new Float32Array(count * width);
  for (let c = 0; c < Math.min(count, sample.length); c++) {
    centres.set(data.subarray(sample[c]! * width, (sample[c]! + 1) * width), c * width);
  }
  for (let round = 0; round < ROUNDS; round++) moveCentres(centres, rows, sample);

  const cellOf = new Int32Array(members.length);
  const starts = new Int32Array(count + 1);
  for (const [at, row] of members.entries()) {
    const cell = nearestCentre(centres, data, row * width, width);
    cellOf[at] = cell;
    starts[cell + 1]! += 1;
  }
  for (let c = 0; c < count; c++) starts[c + 1]! += starts[c]!;
  const next = starts.slice(0, count);
  const sorted = new Int32Array(members.length);
  for (const [at, row] of members.entries()) sorted[next[cellOf[at]!]!++] = row;
  const moved = new Float32Array(members.length * width);
  const radii = new Float64Array(members.length);
  for (let c = 0; c < count; c++) {
    for (let at = starts[c]!; at < starts[c + 1]!; at++) {
      moved.set(data.subarray(sorted[at]! * width, (sorted[at]! + 1) * width), at * width);
      radii[at] = Math.sqrt(squaredDistance(centres, c * width, moved, at * width, width, Infinity));
    }
  }
  return { count, width, centres, starts, rows: sorted, data: moved, radii };
}

function moveCentres(centres: Float32Array, { data, width }: Rows, sample: readonly number[]): void {
  const count = centres.length / Math.max(1, width);
  const sums = new Float64Array(centres.length);
  const members = new Int32Array(count);
  for (const row of sample) {
    const cell = nearestCentre(centres, data, row * width, width);
    members[cell]! += 1;
    for (let d = 0; d < width; d++) sums[cell * width + d]! += data[row * width + d]!;
  }
  for (let c = 0; c < count; c++) {
    // A centre that nothing is near to stays where it is.
    if (members[c] === 0) continue;
    for (let d = 0; d < width; d++) centres[c * width + d] = sums[c * width + d]! / members[c]!;
  }
}

function nearestCentre(centres: Float32Array, data: Float32Array, at: number, width: number): number {
  let best = 0;
  let least = Infinity;
  for (let c = 0; c * width < centres.length; c++) {
    const distance = squaredDistance(centres, c * width, data, at, width, least);
    if (distance >= least) continue;
    least = distance;
    best = c;
  }
  return best;
}
