import { percent, type Program, startRun, type TypedOptions, writeResults } from '@vogjs/example-shared';
import { openCheckpoints } from '../train/checkpoints.js';
import { modelTitle } from './architecture.js';
import { type RunScores, scoreRun } from './detectors.js';
import { evaluateRun, type RunResult } from './evaluation.js';
import { F_OOD_OPTIONS, type FOodOptions, readFOodOptions } from './options.js';
import { oodReport } from './report.js';
import { replayRun } from './replay.js';
import { readRunRecord } from './run-folder.js';
import { readRunData, type Run, trainRun } from './run.js';
import { ablationTable, aurocTable, gainTable, meanGainTable, tableThree, warningLines } from './tables.js';

export const oodDetection: Program = {
  name: 'f-ood',
  description: 'Section F: out-of-distribution detection by VoG, MSP and every other detector',
  options: F_OOD_OPTIONS,
  run: async (typed) => {
    const options = await readResumedOptions(typed);
    const run = await startedRun(options);
    try {
      const scores = await scoreRun(run);
      const result = evaluateRun(run, scores);
      printResult(run, result);
      if (options.out === null) return;
      await writeResults(options, {
        'paper-f.json': resultJson(run, scores, result),
        'paper-f.html': oodReport(run, scores),
      });
    } finally {
      run.tracker.dispose();
      run.model.dispose();
    }
  },
};

/** Options as typed, or as the run in the folder of `--resume` has them. */
export async function readResumedOptions(typed: TypedOptions): Promise<FOodOptions> {
  const options = readFOodOptions(typed);
  const isTrained = options.resume !== null && options.run === null;
  const saved = isTrained ? await readRunRecord(options.resume as string) : null;
  return saved === null ? options : readFOodOptions(typed, saved.settings);
}

/** Reads the data and trains what is left to train, telling each epoch. */
export async function startedRun(options: FOodOptions): Promise<Run> {
  const data = await readRunData(options);
  const backend = await startRun(options);
  const { sets } = data;
  if (options.run !== null) {
    const checkpoints = await openCheckpoints(options.run, options.data);
    console.log(`${checkpoints.title}; scored: ${sizesOf(sets)}`);
    return replayRun(data, options, checkpoints, backend, (done) =>
      console.log(`checkpoint ${done} of ${checkpoints.count}`),
    );
  }
  console.log(`${modelTitle(options)} on ${data.train.shape[0]} images of CIFAR-10; scored: ${sizesOf(sets)}`);
  if (sets.absent.length > 0) console.log(`absent: ${sets.absent.join(', ')} (see --help)`);
  return trainRun(data, options, backend, (epoch, { loss, accuracy, trainingSeconds, scoringSeconds }) => {
    console.log(
      `epoch ${epoch + 1} of ${options.epochs}: loss ${loss.toFixed(3)}, training accuracy ${percent(accuracy)}, ` +
        `${trainingSeconds.toFixed(0)} s, scoring ${scoringSeconds.toFixed(0)} s`,
    );
  });
}

function sizesOf({ inside, outside }: Run['sets']): string {
  return [inside, ...outside].map(({ title, size }) => `${title} ${size}`).join(', ');
}

function printResult(run: Run, result: RunResult): void {
  const { settings, record } = run;
  console.log(`\n${tableThree(result, settings)}`);
  console.log(`\nEvery method, by its mean over the sets:\n\n${aurocTable(result)}`);
  console.log(`\nDo gradients matter, and when?\n\n${ablationTable(result)}`);
  console.log(`\nAUROC of MSP and VoG beside the paper's:\n\n${gainTable(result, settings)}`);
  console.log(`\n${meanGainTable(result, settings)}`);
  for (const line of warningLines(result)) console.log(`\n${line}`);
  const last = record.epochs.at(-1);
  const seconds = record.epochs.reduce((sum, epoch) => sum + epoch.trainingSeconds + epoch.scoringSeconds, 0);
  const training =
    last === undefined
      ? ''
      : `training accuracy ${percent(last.accuracy)} (last epoch, augmented), ${(seconds / 60).toFixed(1)} minutes of training and scoring; `;
  console.log(`\n${training}test accuracy ${percent(result.testAccuracy)} on ${run.sets.inside.size} images`);
}

/** Everything of a run but its images: settings, epochs, each method's figures on each set. */
function resultJson({ record }: Run, { methods }: RunScores, { pairs, testAccuracy }: RunResult): string {
  const results = pairs.map(({ set, method, evaluation }) => ({ set: set.title, method, ...evaluation }));
  return JSON.stringify({ ...record, testAccuracy, methods: Object.keys(methods), results }, null, 1);
}
