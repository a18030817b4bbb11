import { type Program, startRun } from '@vogjs/example-shared';
import { modelTitle } from './architecture.js';
import { F_OOD_OPTIONS, readFOodOptions } from './options.js';
import { readRunRecord } from './run-folder.js';
import { readRunData, trainRun } from './run.js';

export const oodDetection: Program = {
  name: 'f-ood',
  description: 'Section F: out-of-distribution detection by VoG, MSP and every other detector',
  options: F_OOD_OPTIONS,
  run: async (typed) => {
    const typedOptions = readFOodOptions(typed);
    const saved = typedOptions.resume === null ? null : await readRunRecord(typedOptions.resume);
    const options = saved === null ? typedOptions : readFOodOptions(typed, saved.settings);
    const data = await readRunData(options);
    const backend = await startRun(options);
    console.log(modelTitle(options));
    const run = await trainRun(data, options, backend, (epoch, { loss, accuracy, trainingSeconds, scoringSeconds }) => {
      console.log(
        `epoch ${epoch + 1}: loss ${loss.toFixed(3)}, training accuracy ${(100 * accuracy).toFixed(1)} %, ` +
          `${trainingSeconds.toFixed(0)} s, scoring ${scoringSeconds.toFixed(0)} s`,
      );
    });
    run.tracker.dispose();
    run.model.dispose();
  },
};
