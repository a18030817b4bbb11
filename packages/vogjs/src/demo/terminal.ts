import { percent } from '../terminal/percent.js';
import { CLASS_NAMES, type NoisyImages } from './images.js';
import type { DemoResults } from './evaluation.js';
import type { EpochRecord } from './saved-run.js';

const HARDEST_SHOWN = 15;
/** What each of the demo's metrics takes the gradient of. */
const READINGS: Readonly<Record<string, string>> = { vog: 'the loss', 'vog-logit': 'the logit' };

export function printEpochHeader(): void {
  console.log('\nepoch    loss  accuracy   mean VoG  seconds');
}

export function printEpoch({ epoch, loss, accuracy, vogMean, seconds }: EpochRecord, total: number): void {
  const mean = vogMean === null ? '-' : vogMean.toPrecision(3);
  console.log(
    `${`${epoch + 1}/${total}`.padStart(5)}  ${loss.toFixed(3).padStart(6)}  ${percent(accuracy).padStart(8)}  ${mean.padStart(9)}  ${seconds.toFixed(1).padStart(7)}`,
  );
}

export function printResults(
  { scores, predictions, detection, errors, accuracy, classes }: DemoResults,
  images: NoisyImages,
): void {
  console.log(`\nAccuracy on the true labels: ${percent(accuracy)}`);
  console.log(`\nThe ${HARDEST_SHOWN} hardest of ${images.size} (VoG of the loss over all epochs, high = hard)`);
  console.log('     id  given label  true label   predicted         VoG  percentile');
  for (const { index, id, value, percentile } of scores.hardest(HARDEST_SHOWN)) {
    const given = className(images.givenLabels[index]);
    const truth = images.planted[index] === 1 ? className(images.trueLabels[index]) : '';
    console.log(
      `${String(id).padStart(7)}  ${given.padEnd(11)}  ${truth.padEnd(10)}   ${className(predictions[index]).padEnd(11)}  ${value.toPrecision(4).padStart(8)}  ${percentile.toFixed(2).padStart(10)}`,
    );
  }
  console.log(`\nFinding the planted labels by VoG (high = suspect), beside a random order`);
  console.log('gradient of  window      AUROC  random   precision at 5 %  random');
  for (const [metric, windows] of Object.entries(detection)) {
    for (const [window, { auroc, at, random }] of Object.entries(windows)) {
      const [hardest] = at;
      if (hardest === undefined) continue;
      console.log(
        `${(READINGS[metric] ?? metric).padEnd(11)}  ${window.padEnd(9)}   ${auroc.toFixed(3)}   ${random.auroc.toFixed(3)}   ${percent(hardest.precision).padStart(16)}  ${percent(hardest.random.precision).padStart(6)}`,
      );
    }
  }
  console.log(
    "The logit is the paper's reading: the score of a wrong label moves little while the network resists it.",
  );
  console.log('\nError by VoG percentile (the prediction differs from the given label)');
  for (const { from, to, error } of errors.bins) {
    console.log(
      `${`${from.toFixed(0)}-${to.toFixed(0)}`.padStart(7)}  ${error.toFixed(1).padStart(5)} %  ${'█'.repeat(Math.round(error / 2))}`,
    );
  }
  console.log(`  all    ${errors.all.error.toFixed(1).padStart(5)} %`);
  console.log(`\nClass by class (${classes.signed.classes.length} classes): correlation with the class's error of its`);
  for (const { scoreMeaning, pearson } of [classes.signed, classes.absolute]) {
    console.log(`  ${scoreMeaning}: r = ${pearson.r.toFixed(2)}, p = ${pearson.p.toPrecision(2)}`);
  }
}

function className(label: number | undefined): string {
  return CLASS_NAMES[label ?? -1] ?? String(label);
}
