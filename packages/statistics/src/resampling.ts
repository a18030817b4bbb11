import { seededRandom, VogError } from '@vogjs/base';

/** Rows that are drawn from one another: all of them, or those of one stratum. */
export type Strata = readonly Uint32Array[];

/**
 * The rows of each stratum, in the order in which the strata first appear.
 *
 * @param strata a key for each row, or undefined for a single stratum
 */
export function strataOf(size: number, strata?: ArrayLike<unknown>): Strata {
  if (strata === undefined) return [Uint32Array.from({ length: size }, (_, row) => row)];
  const rows = new Map<unknown, number[]>();
  for (let row = 0; row < size; row++) {
    const key = strata[row];
    const members = rows.get(key);
    if (members) members.push(row);
    else rows.set(key, [row]);
  }
  return [...rows.values()].map((members) => Uint32Array.from(members));
}

/**
 * Draws as many rows as there are, with replacement, each stratum from itself, and evaluates the statistics on them.
 *
 * @param evaluate the statistics of some rows; the array is reused for the next draw
 * @returns one distribution for each statistic, of `resamples` values each
 * @throws VogError SAMPLE_TOO_SMALL when a statistic is NaN on a draw
 */
export function resample(
  strata: Strata,
  evaluate: (rows: Uint32Array) => readonly number[],
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): Float64Array[] {
  const random = seededRandom(seed);
  const rows = new Uint32Array(strata.reduce((sum, { length }) => sum + length, 0));
  const distributions: Float64Array[] = [];
  for (let draw = 0; draw < resamples; draw++) {
    let next = 0;
    for (const members of strata) {
      for (let count = members.length; count > 0; count--) rows[next++] = members[random.integer(members.length)]!;
    }
    for (const [index, value] of evaluate(rows).entries()) {
      refuseUndefined(value, draw);
      (distributions[index] ??= new Float64Array(resamples))[draw] = value;
    }
  }
  return distributions;
}

/**
 * The statistics with each row left out in turn: the jackknife.
 *
 * @returns for each statistic, for each stratum, one value per row of the stratum
 */
export function jackknife(strata: Strata, evaluate: (rows: Uint32Array) => readonly number[]): Float64Array[][] {
  const all = Uint32Array.from(strata.flatMap((members) => Array.from(members)));
  const rows = all.slice(1);
  const left: Float64Array[][] = [];
  let out = 0;
  for (const [stratum, members] of strata.entries()) {
    for (const position of members.keys()) {
      // Moving from one row left out to the next changes a single entry.
      if (out > 0) rows[out - 1] = all[out - 1]!;
      for (const [index, value] of evaluate(rows).entries()) {
        refuseUndefined(value, out);
        ((left[index] ??= [])[stratum] ??= new Float64Array(members.length))[position] = value;
      }
      out++;
    }
  }
  return left;
}

function refuseUndefined(value: number, draw: number): void {
  if (!Number.isNaN(value)) return;
  throw new VogError(
    'SAMPLE_TOO_SMALL',
    `The statistic is NaN on resample ${draw}: a draw with replacement can leave out a rare group altogether. ` +
      'Give `strata`, one key per example, so that each group is drawn from itself.',
  );
}
