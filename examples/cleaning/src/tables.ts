import { number, overSeeds, percent, type SeedSummary, signed, table, text } from '@vogjs/example-shared';
import type { Result } from './folder.js';
import { BASELINE, METHODS } from './methods.js';

/** Seconds that a person takes for one label, with the picture and a suggestion on the screen: an assumption. */
const SECONDS_A_DECISION = 5;

/** Test accuracy after the last epoch, and after the one that the held-out images choose by their given labels. */
const READINGS = {
  last: ({ trained }: Result) => trained.test.at(-1) as number,
  chosen: ({ trained: { test, heldOut } }: Result) => test[heldOut.indexOf(Math.max(...heldOut))] as number,
} as const;

/** A number of each method beside the plain training's of the same seed. */
function gain(results: readonly Result[], method: string, of: (result: Result) => number): SeedSummary {
  const own = results.filter((each) => each.method === method);
  return overSeeds(
    own.map((each) => of(each) - of(results.find(({ method: m, seed }) => m === BASELINE && seed === each.seed)!)),
  );
}

const points = ({ mean, halfWidth }: SeedSummary): string =>
  `${signed(100 * mean, 1)} ± ${Number.isNaN(halfWidth) ? '?' : (100 * halfWidth).toFixed(1)}`;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Methods of one noise: accuracies, and what each has more than the plain training of the same seed. */
export function methodTable(results: readonly Result[]): string {
  const names = METHODS.map(({ name }) => name).filter((name) => results.some(({ method }) => method === name));
  return table(
    [
      text('method'),
      number('last epoch'),
      number('gain'),
      number('chosen epoch'),
      number('gain'),
      number('passes'),
      number('to score'),
      number('wrong labels shown'),
    ],
    names.map((name) => {
      const own = results.filter(({ method }) => method === name);
      const isPlain = name === BASELINE;
      return [
        name,
        percent(mean(own.map(READINGS.last))),
        isPlain ? '' : points(gain(results, name, READINGS.last)),
        percent(mean(own.map(READINGS.chosen))),
        isPlain ? '' : points(gain(results, name, READINGS.chosen)),
        mean(own.map(({ trained }) => trained.passes)).toFixed(1),
        mean(own.map(({ trained }) => trained.scored)).toFixed(0),
        percent(mean(own.map(({ trained }) => trained.wrongShown))),
      ];
    }),
  );
}

/** How well the plain training found the wrong labels. */
export function findingTable(results: readonly Result[]): string {
  return table(
    [
      number('seed'),
      number('wrong'),
      number('flagged'),
      number('of them wrong'),
      number('found'),
      number('suggestion right'),
    ],
    results.flatMap(({ seed, finding }) => {
      if (finding === null) return [];
      const { wrong, flagged, hits, suggestedRight } = finding;
      const share = (part: number, whole: number): string => (whole === 0 ? '-' : percent(part / whole));
      return [
        [seed, wrong, flagged, share(hits, flagged), share(hits, wrong), share(suggestedRight, hits)].map(String),
      ];
    }),
  );
}

/**
 * What people's minutes buy in training labels, and what 200 test labels say before and after somebody looked; null where
 * nothing was reviewed.
 */
export function reviewTable(results: readonly Result[]): string | null {
  const rows = METHODS.filter(({ reviewed }) => reviewed !== undefined).map(({ name, reviewed = 0 }) => {
    const own = results.filter(({ method }) => method === name);
    const given = mean(own.map(({ trained }) => trained.small.given));
    const clean = mean(own.map(({ trained }) => trained.small.clean));
    return own.length === 0
      ? null
      : [
          String(reviewed),
          ((reviewed * SECONDS_A_DECISION) / 60).toFixed(0),
          points(gain(results, name, READINGS.last)),
          percent(mean(own.map(READINGS.last))),
          percent(given),
          percent(clean),
        ];
  });
  if (rows.every((row) => row === null)) return null;
  return table(
    [
      number('labels reviewed'),
      number('minutes'),
      number('gain'),
      number('10,000 test images'),
      number('200 of them as labelled'),
      number('the 200 corrected'),
    ],
    rows.filter((row) => row !== null),
  );
}
