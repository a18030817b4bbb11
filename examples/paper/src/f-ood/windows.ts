import { stages, type Windows } from '@vogjs/core';
import { checkpointEpochs, type RunSettings } from './options.js';

/** Thirds of the training, and the first and last three checkpoints, as in the paper's Figs. 10 and 11. */
export function windowsOf(settings: Pick<RunSettings, 'epochs' | 'checkpoints'>): Windows {
  const ends = [...checkpointEpochs(settings)].map((epoch) => (epoch + 1) / settings.epochs);
  return {
    ...stages(3),
    first: { unit: 'fraction', from: 0, to: ends[2] as number },
    last: { unit: 'fraction', from: ends.at(-4) as number, to: 1 },
  };
}
