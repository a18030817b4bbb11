import { formatP, number, percent, table, text } from '@vogjs/example-shared';
import type { TTest } from '@vogjs/statistics';
import { READ_TITLES } from '../readings/reading-metric.js';
import type { MemorisedResult } from './analysis.js';

export function memorisedMarkdown({ images, wrong, learned, readings, references }: MemorisedResult): string {
  const { right, wrong: learnedWrong } = learned;
  const lines = [
    `${images} training images, ${wrong} of them with a wrong label. The last checkpoint predicts the given label of ` +
      `${percent(right)} of the right and of ${percent(learnedWrong)} of the wrong ones.`,
    '',
    table(
      [
        text('gradient of'),
        text('window'),
        number('AUROC of wrong labels'),
        number('mean abs z, right'),
        number('wrong'),
        number('p'),
        number('mean z, right'),
        number('wrong'),
        number('p'),
      ],
      readings.map(({ read, window, auroc, absolute, signed }) => [
        READ_TITLES[read],
        window,
        auroc.toFixed(3),
        ...sides(absolute),
        ...sides(signed),
      ]),
    ),
    '',
    `AUROC without a gradient: ${Object.entries(references)
      .map(([name, auroc]) => `${name} ${auroc.toFixed(3)}`)
      .join(', ')}.`,
  ];
  return lines.join('\n');
}

/** Mean and deviation of both groups, as the paper prints them, and the p-value. */
function sides(test: TTest): string[] {
  const side = ({ mean, std }: TTest['first']): string => `${mean.toFixed(2)} ± ${std.toFixed(2)}`;
  return [side(test.first), side(test.second), formatP(test)];
}
