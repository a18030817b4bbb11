import { number, table, text } from '@vogjs/example-shared';
import type { TrainedEpoch, TrainingRecord } from '../train/folder.js';

type Training = readonly [name: string, record: TrainingRecord];

/** Two tables, a row a training, and the machines: what the trainings came to, and test accuracy by epoch. */
export function trainingsMarkdown(trainings: readonly Training[]): string {
  return [summaryTable(trainings), epochTable(trainings), machineLines(trainings)].join('\n\n');
}

function summaryTable(trainings: readonly Training[]): string {
  const rows = trainings.map(([name, { settings, epochs }]) => {
    const { dataset, network, width, seed, examples } = settings;
    const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
    const last = epochs.at(-1) as TrainedEpoch;
    return [
      name,
      dataset,
      `${network}, width ${width}`,
      String(seed),
      `${epochs.length} of ${settings.epochs}`,
      (100 * last.accuracy).toFixed(2),
      (100 * last.testAccuracy).toFixed(2),
      (seconds / 60).toFixed(0),
      processorMinutes(epochs),
      ((examples * epochs.length) / seconds).toFixed(0),
    ];
  });
  return table(
    [
      text('training'),
      text('data set'),
      text('network'),
      number('seed'),
      number('epochs'),
      number('training accuracy, %'),
      number('test accuracy, %'),
      number('minutes'),
      number('of a processor'),
      number('images/s'),
    ],
    rows,
  );
}

function epochTable(trainings: readonly Training[]): string {
  const longest = Math.max(...trainings.map(([, { epochs }]) => epochs.length));
  const rows = trainings.map(([name, { epochs }]) => [
    name,
    ...Array.from({ length: longest }, (_, i) => {
      const epoch = epochs[i];
      return epoch === undefined ? '' : (100 * epoch.testAccuracy).toFixed(1);
    }),
  ]);
  const columns = Array.from({ length: longest }, (_, i) => number(String(i + 1)));
  return table([text('test accuracy in % after epoch'), ...columns], rows);
}

/** Nothing where an epoch does not say what it took. */
function processorMinutes(epochs: readonly TrainedEpoch[]): string {
  const seconds = epochs.reduce((sum, { processorSeconds = Number.NaN }) => sum + processorSeconds, 0);
  return Number.isNaN(seconds) ? '' : (seconds / 60).toFixed(0);
}

/** Each machine once, with the trainings that it had a part in. */
function machineLines(trainings: readonly Training[]): string {
  const machines = new Map<string, string[]>();
  for (const [name, { processes }] of trainings) {
    for (const machine of new Set(processes)) machines.set(machine, [...(machines.get(machine) ?? []), name]);
  }
  return [...machines].map(([machine, names]) => `- ${machine}: ${names.join(', ')}`).join('\n');
}
