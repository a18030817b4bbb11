import { spearman } from '@vogjs/statistics';
import {
  COMMON_OPTIONS,
  formatP,
  number,
  percent,
  positiveNumber,
  type Program,
  readCommonOptions,
  signed,
  startRun,
  table,
  text,
  wholeNumber,
  writeResults,
} from '@vogjs/example-shared';
import { READINGS, runToy, STAGES, type ToyResult } from './experiment.js';
import { toyPicture } from './picture.js';

const DEFAULTS = { examples: 500, epochs: 15, learningRate: 0.01 } as const;
const QUICK_EXAMPLES = 200;

export const toy: Program = {
  name: 'a-toy',
  description: 'Section A: VoG against the distance to a linear decision boundary, in three stages',
  options: [
    ['--examples <n>', `Points of both clusters (default: ${DEFAULTS.examples})`],
    ['--epochs <n>', `Epochs of training, in three equal stages (default: ${DEFAULTS.epochs})`],
    ['--learning-rate <x>', `Of plain SGD (default: ${DEFAULTS.learningRate})`],
    ...COMMON_OPTIONS,
  ],
  run: async (typed) => {
    const common = readCommonOptions(typed);
    const options = {
      seed: common.seed,
      examples: wholeNumber(typed, 'examples', common.quick ? QUICK_EXAMPLES : DEFAULTS.examples, 20, 100_000),
      epochs: wholeNumber(typed, 'epochs', DEFAULTS.epochs, 6, 1000),
      learningRate: positiveNumber(typed, 'learning-rate', DEFAULTS.learningRate, 10),
    };
    await startRun(common);
    const result = await runToy(options);
    const { train, test } = result.error;
    console.log(`Error: training points ${percent(train)}, test points ${percent(test)} (the paper: 0 %)\n`);
    console.log(stageTable(result));
    const correlations = Object.fromEntries(READINGS.map((reading) => [reading, correlationsOf(result, reading)]));
    await writeResults(common, {
      'paper-a.json': JSON.stringify({ options, error: result.error, correlations }, null, 1),
      'paper-a.svg': toyPicture(result, 'softmax'),
    });
  },
};

/** Spearman of VoG with the distance, of each reading and stage: over all points, and within each class. */
function stageTable(result: ToyResult): string {
  const rows = READINGS.flatMap((reading) =>
    STAGES.map((stage) => {
      const { values } = result.scores[reading][stage];
      const all = spearman(values, result.distances);
      const within = [0, 1].map((label) => withinClass(result, values, label));
      return [reading, stage, String(distinct(values)), signed(all.r, 3), formatP(all), ...within];
    }),
  );
  return table(
    [
      text('gradient of'),
      text('stage'),
      number('distinct VoG'),
      number('Spearman with distance'),
      number('p'),
      number('within class 0'),
      number('within class 1'),
    ],
    rows,
  );
}

/** Spearman within a class; none where the score is the same for all of it but for rounding. */
function withinClass({ blobs, distances }: ToyResult, values: Float32Array, label: number): string {
  const ofClass = (_: number, i: number) => blobs.labels[i] === label;
  const own = values.filter(ofClass);
  return distinct(own) < 3 ? 'constant' : signed(spearman(own, distances.filter(ofClass)).r, 3);
}

function correlationsOf({ scores, distances }: ToyResult, reading: (typeof READINGS)[number]): unknown {
  return Object.fromEntries(STAGES.map((stage) => [stage, spearman(scores[reading][stage].values, distances)]));
}

/** Number of values that differ by more than rounding. */
function distinct(values: Float32Array): number {
  return new Set(Array.from(values, (value) => value.toPrecision(5))).size;
}
