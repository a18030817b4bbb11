import { stages } from '@vogjs/core';
import { errorByPercentile, type Interval } from '@vogjs/statistics';
import {
  type Program,
  startRun,
  writeResults,
  number,
  signed,
  table,
  text,
  percentOf,
  READINGS,
  readTestSetOptions,
  readTrainAndTest,
  testSetOptions,
  trainAndScoreTestSet,
  type WindowResult,
} from '@vogjs/example-shared';
import { errorSlope } from './slope.js';

/** The rate at which the paper saw the flip on CIFAR. */
const LEARNING_RATE = 0.001;
const WINDOWS = ['early', 'late'] as const;
const BINS = 10;

export const flip: Program = {
  name: 'd-flip',
  description: 'Section D: error over VoG percentile, early against late in training',
  options: testSetOptions(LEARNING_RATE),
  run: async (typed) => {
    const options = readTestSetOptions(typed, LEARNING_RATE);
    const images = await readTrainAndTest(options);
    await startRun(options);
    const settings = { ...options, schedule: 'constant' } as const;
    const results = await trainAndScoreTestSet(images, settings, stages(3), WINDOWS);
    const { dataset, examples, epochs, learningRate, test } = options;
    console.log(
      `${dataset}, ${examples} training images, ${epochs} epochs at learning rate ${learningRate}; error on ${test} ` +
        `test images: ${percentOf(results.early.errors)} after the first third, ${percentOf(results.late.errors)} in the end\n`,
    );
    const slopes = flipSlopes(results, options.seed);
    console.log(slopeTable(slopes));
    for (const { reading, flips } of verdicts(slopes)) console.log(`\n${reading}: ${flips}`);
    await writeResults(options, {
      [`paper-d-${dataset}.json`]: JSON.stringify({ options, slopes }, null, 1),
    });
  },
};

export interface FlipSlope {
  readonly reading: (typeof READINGS)[number];
  readonly window: (typeof WINDOWS)[number];
  /** Error in percent of each tenth of the test images, easiest first. */
  readonly bins: readonly number[];
  /** Against the errors of the model as it was at the window's end. */
  readonly slope: Interval;
  /** Against the errors of the model in the end. */
  readonly slopeOfFinalErrors: Interval;
}

/** Slopes of both readings in both windows. */
export function flipSlopes(
  results: Readonly<Record<(typeof WINDOWS)[number], WindowResult>>,
  seed: number,
): FlipSlope[] {
  return READINGS.flatMap((reading) =>
    WINDOWS.map((window) => {
      const { scores, errors } = results[window];
      return {
        reading,
        window,
        bins: errorByPercentile(scores[reading], errors, { bins: BINS }).bins.map(({ error }) => error),
        slope: errorSlope(scores[reading], errors, seed),
        slopeOfFinalErrors: errorSlope(scores[reading], results.late.errors, seed),
      };
    }),
  );
}

function slopeTable(slopes: readonly FlipSlope[]): string {
  const columns = [
    text('gradient of'),
    text('window'),
    number('slope [95 %]'),
    number('with final errors [95 %]'),
    ...Array.from({ length: BINS }, (_, i) => number(`${(100 / BINS) * (i + 1)} %`)),
  ];
  const rows = slopes.map(({ reading, window, slope, slopeOfFinalErrors, bins }) => [
    reading,
    window,
    interval(slope),
    interval(slopeOfFinalErrors),
    ...bins.map((error) => error.toFixed(0)),
  ]);
  return `Error (%) by tenth of VoG, easiest first; slope in percentage points from the easiest to the hardest\n\n${table(columns, rows)}`;
}

/** Whether the sign turns from falling to rising, and whether that is beyond chance. */
function verdicts(slopes: readonly FlipSlope[]): { reading: string; flips: string }[] {
  return READINGS.map((reading) => {
    const [early, late] = WINDOWS.map((window) =>
      slopes.find((each) => each.reading === reading && each.window === window),
    ) as [FlipSlope, FlipSlope];
    return { reading, flips: `early ${direction(early.slope)}, late ${direction(late.slope)}` };
  });
}

/** The sign of a slope, where its interval has one. */
export function direction({ low, high }: Pick<Interval, 'low' | 'high'>): 'rises' | 'falls' | 'undecided' {
  if (low > 0) return 'rises';
  return high < 0 ? 'falls' : 'undecided';
}

function interval({ estimate, low, high }: Interval): string {
  return `${signed(estimate, 1)} [${signed(low, 1)}, ${signed(high, 1)}]`;
}
