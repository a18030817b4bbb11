import { bootstrapRows, errorByPercentile, type Interval, percentilesOf } from '@vogjs/statistics';
import { READ, type Read } from '../readings/reading-metric.js';
import { columnOf, type Columns, REFERENCES, TARGETS } from '../readings/shard.js';
import { WINDOWS, type WindowName } from '../readings/windows.js';

/** How one reading orders images beside people. */
interface PeopleReading {
  readonly read: Read;
  readonly target: (typeof TARGETS)[number];
  /** Spearman's correlation with the number of people who disagree, of the score as it is. */
  readonly windows: Readonly<Record<WindowName, Interval>>;
  /** Mean number of people who disagree, of each tenth of the images, lowest late score first. */
  readonly tenths: readonly number[];
}

export interface PeopleResult {
  readonly images: number;
  /** Images by the number of people who disagree. */
  readonly counts: readonly number[];
  /** Of each person with the number of the others who disagree: how far people tell each other's doubts. */
  readonly oneByOthers: readonly Interval[];
  readonly readings: readonly PeopleReading[];
  /** Of scores that need no gradient, turned so that high is hard. */
  readonly references: Readonly<Record<string, { readonly r: Interval; readonly tenths: readonly number[] }>>;
}

/**
 * Do people disagree about the images that a score calls hard?
 *
 * @param people 1 where a person gave another label than the data set's, `[N]` of each
 * @param seed of the bootstrap over images, the same resamples for all
 */
export function analysePeople(columns: Columns, people: readonly Uint8Array[], seed: number): PeopleResult {
  const disagreeing = countOf(people);
  const values = (name: string): Float32Array => columns[name] as Float32Array;
  const kinds = READ.flatMap((read) => TARGETS.map((target) => ({ read, target })));
  const references = REFERENCES.map((name) => (name === 'aum' ? values(name).map((value) => -value) : values(name)));
  const scores = [
    ...kinds.flatMap(({ read, target }) => WINDOWS.map((window) => values(columnOf(read, target, window)))),
    ...references,
  ];
  const correlations = rankCorrelations(scores, disagreeing, seed);
  return {
    images: disagreeing.length,
    counts: countsOf(disagreeing),
    oneByOthers: people.map(
      (own) => rankCorrelations([own], countOf(people.filter((other) => other !== own)), seed)[0]!,
    ),
    readings: kinds.map((kind, k) => ({
      ...kind,
      windows: Object.fromEntries(
        WINDOWS.map((window, w) => [window, correlations[k * WINDOWS.length + w]]),
      ) as unknown as PeopleReading['windows'],
      tenths: tenthsOf(values(columnOf(kind.read, kind.target, 'late')), people),
    })),
    references: Object.fromEntries(
      REFERENCES.map((name, i) => {
        const r = correlations[kinds.length * WINDOWS.length + i] as Interval;
        return [name, { r, tenths: tenthsOf(references[i] as Float32Array, people) }];
      }),
    ),
  };
}

/**
 * Spearman's correlations of several scores with one reference. A resample takes the ranks of the whole sample along:
 * ranking each anew would take hundreds of times as long, and differs by no more than the ties of rows drawn twice.
 */
function rankCorrelations(
  scores: readonly ArrayLike<number>[],
  reference: ArrayLike<number>,
  seed: number,
): Interval[] {
  const ranksOf = (values: ArrayLike<number>) => percentilesOf({ values, hardDirection: 'high' }, 1);
  const ys = ranksOf(reference);
  const all = scores.map(ranksOf);
  return bootstrapRows(ys.length, (rows) => all.map((xs) => correlationAt(rows, xs, ys)), { seed });
}

/** Pearson's, of some rows of two columns whose values lie about 1/2. */
function correlationAt(rows: Uint32Array, xs: Float64Array, ys: Float64Array): number {
  let [sumX, sumY, squaresX, squaresY, products] = [0, 0, 0, 0, 0];
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r] as number;
    const x = (xs[row] as number) - 0.5;
    const y = (ys[row] as number) - 0.5;
    sumX += x;
    sumY += y;
    squaresX += x * x;
    squaresY += y * y;
    products += x * y;
  }
  const n = rows.length;
  return (n * products - sumX * sumY) / Math.sqrt((n * squaresX - sumX ** 2) * (n * squaresY - sumY ** 2));
}

/** How many people disagree, on the mean of each tenth of the images, lowest score first. */
function tenthsOf(values: ArrayLike<number>, people: readonly Uint8Array[]): number[] {
  const shares = people.map((own) => errorByPercentile({ values, hardDirection: 'high' }, own, { bins: 10 }).bins);
  return Array.from({ length: 10 }, (_, k) => shares.reduce((sum, bins) => sum + (bins[k]?.error as number) / 100, 0));
}

/** How many of them disagree, of each image. */
function countOf(people: readonly Uint8Array[]): Uint8Array {
  return people.reduce((sum, own) => sum.map((count, i) => count + (own[i] as number)));
}

function countsOf(values: ArrayLike<number>): number[] {
  const counts: number[] = [];
  for (const value of Array.from(values)) counts[value] = (counts[value] ?? 0) + 1;
  return Array.from(counts, (count) => count ?? 0);
}
