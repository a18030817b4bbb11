import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { SelectedBackend } from '@vogjs/core/node';
import { renderReport } from '@vogjs/report';
import { percent } from '../terminal/percent.js';
import type { DemoResults } from './evaluation.js';
import { CLASS_NAMES, type NoisyImages, SIDE } from './images.js';
import type { DemoOptions } from './options.js';
import { writeRun } from './run-folder.js';
import type { TrainedRun } from './training.js';

/** Writes the run, the report and the scores as CSV and NPY; gives the files' paths. */
export async function writeOutputs(
  options: DemoOptions,
  backend: SelectedBackend,
  images: NoisyImages,
  run: TrainedRun,
  results: DemoResults,
  seconds: number,
): Promise<string[]> {
  const made = await writeRun(options, backend, images, run, runRecord(options, run, results, seconds));
  const files: Record<string, string | Uint8Array> = {
    'report.html': report(options, backend, images, run, results, seconds),
    'scores.csv': results.scores.toCsv(),
    'scores.npy': results.scores.toNpy(),
  };
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = join(options.out, name);
    await writeFile(path, content);
    paths.push(path);
  }
  return [...paths, ...made];
}

function report(
  options: DemoOptions,
  backend: SelectedBackend,
  images: NoisyImages,
  run: TrainedRun,
  results: DemoResults,
  seconds: number,
): string {
  const last = run.epochs.at(-1);
  return renderReport({
    title: `Fashion-MNIST with ${percent(options.noise)} of its labels planted wrong`,
    scores: results.scores,
    windows: results.windows,
    trueLabels: images.trueLabels,
    predictions: results.predictions,
    flagged: { flags: images.planted, name: 'planted labels' },
    classNames: CLASS_NAMES,
    metric: {
      title: 'Variance of Gradients (VoG) of the loss',
      meaning:
        "how much the pull of each pixel on the example's loss kept changing while the model trained. The model settles early on examples that resemble many others; on wrong labels and odd examples it keeps changing its mind",
    },
    images: { data: images.pixels, shape: [images.size, SIDE, SIDE, 1] },
    figures: [
      {
        label: 'Accuracy on the true labels',
        value: percent(results.accuracy),
        note: `after ${options.epochs} epochs; ${percent(last?.accuracy ?? Number.NaN)} on the given labels`,
      },
    ],
    facts: [
      { label: 'Backend', value: `${backend.backend} (${backend.version})` },
      { label: 'Node', value: process.versions.node },
      { label: 'Images', value: images.size },
      { label: 'Epochs', value: options.epochs },
      { label: 'Seed', value: options.seed },
      { label: 'Seconds', value: seconds.toFixed(0) },
      { label: 'Most tensors at once', value: run.peakTensors },
      { label: 'State on the device', value: `${(run.tracker.plan().stateBytes / 1e6).toFixed(0)} MB` },
    ],
  });
}

/** What the demo says of a run, beside what every run says. */
function runRecord(options: DemoOptions, run: TrainedRun, results: DemoResults, seconds: number): object {
  const { epochs, examples, noise, seed } = options;
  return {
    seed,
    options: { epochs, examples, noise },
    seconds,
    peakTensors: run.peakTensors,
    plan: run.tracker.plan(),
    epochs: run.epochs,
    accuracyOnTrueLabels: results.accuracy,
    detection: results.detection,
    errorByPercentile: results.errors,
    classCorrelation: results.classes,
    hardest: results.scores.hardest(15),
  };
}
