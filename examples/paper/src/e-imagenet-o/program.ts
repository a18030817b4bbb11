import { type Program, writeResults } from '@vogjs/example-shared';
import { msp, scoreOod } from '@vogjs/ood';
import { trajectoryScores } from '../f-ood/detectors.js';
import { F_OOD_OPTIONS } from '../f-ood/options.js';
import { readResumedOptions, startedRun } from '../f-ood/program.js';
import { methodTitle } from '../f-ood/tables.js';
import { histogramTable, setHistograms } from './histogram.js';

export const percentilesOfOod: Program = {
  name: 'e-imagenet-o',
  description: 'Section E: the share of out-of-distribution images in each quarter of VoG, from a run of f-ood',
  options: F_OOD_OPTIONS,
  run: async (typed) => {
    const options = await readResumedOptions(typed);
    const run = await startedRun(options);
    try {
      const { msp: baseline } = await scoreOod(run.model, { inputs: run.probe.inputs }, [msp()]);
      const histograms = setHistograms(run, {
        vog: await trajectoryScores(run),
        'vog-early': await trajectoryScores(run, { window: 'early' }),
        'vog-late': await trajectoryScores(run, { window: 'late' }),
        msp: baseline,
      });
      console.log(
        `\nPercent of each set's images in each quarter of the score, among them and ${run.sets.inside.size} test ` +
          `images of CIFAR-10; a score that knows nothing puts 25 % in each\n\n${histogramTable(histograms, methodTitle)}`,
      );
      await writeResults(options, {
        'paper-e.json': JSON.stringify({ settings: run.settings, histograms }, null, 1),
      });
    } finally {
      run.tracker.dispose();
      run.model.dispose();
    }
  },
};
