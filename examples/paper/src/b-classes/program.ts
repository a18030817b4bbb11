import { classCorrelation, type ClassCorrelation } from '@vogjs/statistics';
import {
  type Program,
  startRun,
  writeResults,
  formatP,
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

const LEARNING_RATE = 0.1;

/** What is averaged within a class: as published, and two forms that may be meant by its words or serve better. */
const FORMS = ['datasetAbsolute', 'classAbsolute', 'dataset'] as const;

export const classes: Program = {
  name: 'b-classes',
  description: 'Section B: class-level error against mean normalised VoG of the test images',
  options: testSetOptions(LEARNING_RATE),
  run: async (typed) => {
    const options = readTestSetOptions(typed, LEARNING_RATE);
    const images = await readTrainAndTest(options);
    await startRun(options);
    const { complete } = await trainAndScoreTestSet(images, { ...options, schedule: 'cosine' }, {}, []);
    const { dataset, examples, test, epochs } = options;
    console.log(
      `${dataset}, ${examples} training images, ${epochs} epochs; error on ${test} test images ${percentOf(complete.errors)}\n`,
    );
    const correlations = classCorrelations(complete);
    console.log(`${classTable(correlations)}\n\n${correlationTable(correlations)}`);
    await writeResults(options, {
      [`paper-b-${dataset}.json`]: JSON.stringify({ options, correlations }, null, 1),
    });
  },
};

export interface ReadingCorrelation {
  readonly reading: (typeof READINGS)[number];
  readonly result: ClassCorrelation;
}

/** Every reading in every form. */
export function classCorrelations({ scores, errors }: WindowResult): ReadingCorrelation[] {
  return READINGS.flatMap((reading) =>
    FORMS.map((normalise) => ({ reading, result: classCorrelation(scores[reading], errors, { normalise }) })),
  );
}

function classTable(correlations: readonly ReadingCorrelation[]): string {
  const heading = ({ reading, result }: ReadingCorrelation) => number(`${reading} ${result.normalise}`);
  const rows = (correlations[0]?.result.classes ?? []).map(({ className, count, error }, i) => [
    className,
    String(count),
    error.toFixed(1),
    ...correlations.map(({ result }) => signed(result.classes[i]?.score ?? Number.NaN)),
  ]);
  return table([text('class'), number('images'), number('error in %'), ...correlations.map(heading)], rows);
}

function correlationTable(correlations: readonly ReadingCorrelation[]): string {
  const rows = correlations.map(({ reading, result: { scoreMeaning, pearson, spearman } }) => [
    reading,
    scoreMeaning,
    signed(pearson.r),
    formatP(pearson),
    signed(spearman.r),
    formatP(spearman),
  ]);
  return table(
    [text('gradient of'), text('form'), number('Pearson'), number('p'), number('Spearman'), number('p')],
    rows,
  );
}
