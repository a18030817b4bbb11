import { number, signed, table, text } from '@vogjs/example-shared';
import type { Interval } from '@vogjs/statistics';
import { READ_TITLES } from '../readings/reading-metric.js';
import { WINDOWS } from '../readings/windows.js';
import type { PeopleResult } from './analysis.js';

const ENDS = ['lowest tenth', 'middle two', 'highest tenth'] as const;

/** Two tables: correlations by window, and how many people disagree about the ends of each late score. */
export function peopleMarkdown({ images, counts, oneByOthers, readings, references }: PeopleResult): string {
  const named = Object.entries(references);
  return [
    `${images} training images: ${counts.map((count, people) => `${count} with ${people} of 3`).join(', ')} people ` +
      `giving another label than the data set's.`,
    table(
      [text('gradient of'), text('label'), ...WINDOWS.map((window) => number(window))],
      readings.map(({ read, target, windows }) => [
        READ_TITLES[read],
        target,
        ...WINDOWS.map((window) => correlation(windows[window])),
      ]),
    ),
    `One person against the others: ${oneByOthers.map(correlation).join(', ')}.`,
    `Without a gradient, high is hard: ${named.map(([name, { r }]) => `${name} ${correlation(r)}`).join(', ')}.`,
    table(
      [text('score'), text('label'), ...ENDS.map((end) => number(end))],
      [
        ...readings.map(({ read, target, tenths }) => [`${READ_TITLES[read]}, late`, target, ...ends(tenths)]),
        ...named.map(([name, { tenths }]) => [name, 'true', ...ends(tenths)]),
      ],
    ),
  ].join('\n\n');
}

/** With half of its interval. */
function correlation({ estimate, low, high }: Interval): string {
  return `${signed(estimate)} ± ${((high - low) / 2).toFixed(2)}`;
}

function ends(tenths: readonly number[]): string[] {
  const at = (tenth: number): number => tenths[tenth] as number;
  return [at(0), (at(4) + at(5)) / 2, at(9)].map((mean) => mean.toFixed(2));
}
