import { type ShapedArray, VogError } from '@vogjs/base';
import { declareOptions, type InputOf, integer, oneOf } from '@vogjs/base/options';
import { requireShaped } from '@vogjs/statistics';
import { type Cells, makeCells } from './cells.js';
import { squaredDistance } from './distance.js';
import { columnsByVariance, prepareRows, reordered, type Rows } from './rows.js';

/** Up to so many rows every neighbour is exact; beyond, a bounded number of cells is looked through. */
const EXACT = 20_000;
const PROBES = 24;

const declared = declareOptions('nearestNeighbours', {
  k: integer(1).default(10).about('Neighbours of each row.'),
  metric: oneOf('cosine', 'euclidean').about('Cosine divides each row by its length first.'),
  probes: integer(1)
    .optional(`exact up to ${EXACT.toLocaleString('en')} rows, ${PROBES} beyond`)
    .about('How many cells are looked through for each row: time against completeness.'),
});

/** Options of `nearestNeighbours`. */
export type NearestOptions = InputOf<typeof declared.entries>;

/** The nearest rows of each row, nearest first. */
export interface Neighbours {
  readonly k: number;
  /** `[rows, k]`; -1 where there are fewer, and for rows with values that are not finite. */
  readonly indices: Int32Array;
  /** `[rows, k]`, Euclidean, of rows of unit length for `'cosine'`; NaN where the index is -1. */
  readonly distances: Float32Array;
}

/**
 * The k nearest neighbours of each row, itself left out; or, of rows of another set, the nearest in a reference.
 *
 * Rows are sorted into about sqrt(N) cells around centres. Cells are looked through nearest first; by the triangle
 * inequality, whole cells and single rows that cannot be nearer are passed over. Up to 20,000 rows the result is
 * exact. Beyond, only the nearest `probes` cells are looked through. Memory: two copies of the features and the result.
 *
 * @param features `[N, D]`
 * @param reference `[M, D]`, the rows that neighbours are taken from; `features` itself unless given
 * @throws VogError ARGUMENT_INVALID, INPUT_SHAPE
 */
export function nearestNeighbours(
  features: ShapedArray,
  options: NearestOptions = {},
  reference?: ShapedArray,
): Neighbours {
  const { k, metric, probes } = declared.resolve(options);
  for (const [name, array] of Object.entries({ features, ...(reference && { reference }) })) requireMatrix(name, array);
  if (reference && reference.shape[1] !== features.shape[1]) {
    throw new VogError(
      'INPUT_SHAPE',
      `nearestNeighbours: features have ${features.shape[1]} columns and the reference ${reference.shape[1]}. Both must come from the same network.`,
    );
  }
  const own = prepareRows(features, metric);
  const others = reference ? prepareRows(reference, metric) : own;
  const columns = columnsByVariance(others);
  const cells = makeCells(reordered(others, columns));
  const limit = probes ?? (others.size <= EXACT ? Infinity : PROBES);
  return search(reordered(own, columns), cells, k, limit, reference === undefined);
}

function search(rows: Rows, cells: Cells, k: number, probes: number, leaveSelfOut: boolean): Neighbours {
  const { size, width } = rows;
  const indices = new Int32Array(size * k).fill(-1);
  const distances = new Float32Array(size * k).fill(Number.NaN);
  const toCentres = new Float64Array(cells.count);
  const order = new Int32Array(cells.count);
  for (let row = 0; row < size; row++) {
    if (rows.known[row] === 0) continue;
    const start = row * width;
    for (let c = 0; c < cells.count; c++) {
      order[c] = c;
      toCentres[c] = Math.sqrt(squaredDistance(cells.centres, c * width, rows.data, start, width, Infinity));
    }
    order.sort((a, b) => toCentres[a]! - toCentres[b]!);
    const found = new Nearest(k);
    for (let probe = 0; probe < Math.min(probes, cells.count); probe++) {
      const cell = order[probe]!;
      lookThrough(cells, cell, rows.data, start, toCentres[cell]!, leaveSelfOut ? row : -1, found);
    }
    found.writeInto(indices, distances, row * k);
  }
  return { k, indices, distances };
}

function lookThrough(
  { starts, rows, data, radii, width }: Cells,
  cell: number,
  query: Float32Array,
  start: number,
  toCentre: number,
  self: number,
  found: Nearest,
): void {
  for (let at = starts[cell]!; at < starts[cell + 1]!; at++) {
    // |d(q, c) - d(x, c)| <= d(q, x); with room for roundings.
    const bound = Math.abs(toCentre - radii[at]!) - 1e-5;
    if ((bound > 0 && bound * bound >= found.limit) || rows[at] === self) continue;
    const distance = squaredDistance(data, at * width, query, start, width, found.limit);
    if (distance < found.limit) found.add(distance, rows[at]!);
  }
}

/** The k least distances so far, sorted. */
class Nearest {
  /** Squared distance that a row must be nearer than. */
  limit = Infinity;
  private readonly squares: Float64Array;
  private readonly rows: Int32Array;

  constructor(private readonly k: number) {
    this.squares = new Float64Array(k).fill(Infinity);
    this.rows = new Int32Array(k).fill(-1);
  }

  add(square: number, row: number): void {
    let at = this.k - 1;
    for (; at > 0 && this.squares[at - 1]! > square; at--) {
      this.squares[at] = this.squares[at - 1]!;
      this.rows[at] = this.rows[at - 1]!;
    }
    this.squares[at] = square;
    this.rows[at] = row;
    this.limit = this.squares[this.k - 1]!;
  }

  writeInto(indices: Int32Array, distances: Float32Array, start: number): void {
    for (let at = 0; at < this.k && this.rows[at] !== -1; at++) {
      indices[start + at] = this.rows[at]!;
      distances[start + at] = Math.sqrt(this.squares[at]!);
    }
  }
}

function requireMatrix(name: string, array: ShapedArray): void {
  requireShaped(`nearestNeighbours: ${name}`, array);
  const { data, shape } = array;
  const [size = 0, width = 0] = shape;
  if (shape.length === 2 && size > 0 && width > 0 && data.length === size * width) return;
  throw new VogError(
    'INPUT_SHAPE',
    `nearestNeighbours: ${name} must be [rows, columns], at least one of each; got shape [${shape.join(', ')}] with ${data.length} values.`,
  );
}
