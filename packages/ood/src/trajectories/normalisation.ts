import { VogError } from '@vogjs/core';

/** Scores of one set, and the class that each example is predicted as. */
export interface ClassedScores {
  readonly values: Float64Array;
  readonly classes: ArrayLike<number>;
}

/** Mean and population standard deviation of a group of in-distribution scores. */
interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** Turns scores of any set into z-scores by what was measured on the in-distribution set alone. */
export interface Normaliser {
  readonly normalise: (set: ClassedScores) => { readonly values: Float64Array; readonly notes: readonly string[] };
}

/**
 * Statistics of the in-distribution scores: of all, or of each class that they are predicted as. A class with fewer
 * than two of them, or with no spread, has none of its own: its examples are measured by all of them, and a note says
 * how many.
 *
 * @throws VogError SAMPLE_TOO_SMALL when the in-distribution scores have no spread at all
 */
export function normaliserOf(inSet: ClassedScores, by: 'class' | 'dataset'): Normaliser {
  const overall = spreadOf(inSet.values);
  if (!(overall.deviation > 0)) {
    throw new VogError(
      'SAMPLE_TOO_SMALL',
      "The in-distribution scores are all equal, or there is one only: they cannot be normalised. Give more examples, or normalise: 'none'.",
    );
  }
  const groups = new Map<number, number[]>();
  if (by === 'class') {
    for (const [i, value] of inSet.values.entries()) {
      const label = inSet.classes[i]!;
      const group = groups.get(label) ?? [];
      group.push(value);
      groups.set(label, group);
    }
  }
  const spreads = new Map<number, Spread>();
  for (const [label, members] of groups) {
    const spread = spreadOf(members);
    if (spread.deviation > 0) spreads.set(label, spread);
  }
  return {
    normalise: ({ values, classes }) => {
      let borrowed = 0;
      const normalised = values.map((value, i) => {
        const own = spreads.get(classes[i]!);
        if (own === undefined) borrowed++;
        const { mean, deviation } = own ?? overall;
        return (value - mean) / deviation;
      });
      if (by === 'dataset' || borrowed === 0) return { values: normalised, notes: [] };
      const note = `${borrowed} of ${values.length} are predicted as a class with too few in-distribution examples: normalised by all of those.`;
      return { values: normalised, notes: [note] };
    },
  };
}

function spreadOf(values: ArrayLike<number>): Spread {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / count) };
}
