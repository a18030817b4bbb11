import { createTracker, type Metric } from '@vogjs/core';
import { rateAt } from '@vogjs/example-models';
import { readingMetric } from '../readings/reading-metric.js';
import type { ShardScoring } from '../readings/score-all.js';
import { windowsOf } from '../readings/windows.js';
import { recipeOf, type TrainingSettings } from '../train/options.js';
import { isDifficulty, modelInputs, scoreName, trackedMetrics } from '@vogjs/example-shared';
import { aum, dataMaps, el2n, margin, meanLoss, vog } from '@vogjs/metrics';

/** Images of one pass. */
const CHUNK = 250;

const late = (read: 'softmax' | 'loss', checkpoints: number) =>
  readingMetric(`vog-${read}-late`, read, windowsOf(checkpoints).late);

/** Every metric that a tracker can take, and VoG of the last third. */
export function everyMetric(settings: TrainingSettings): Metric[] {
  const { epochs } = settings;
  const recipe = recipeOf(settings);
  return [
    vog({ name: 'vog-softmax' }),
    late('softmax', epochs),
    late('loss', epochs),
    ...trackedMetrics({ learningRate: ({ epochsCompleted }) => rateAt(recipe, epochsCompleted / epochs) }),
  ];
}

/** What a forward pass is enough for: of a training that has not seen the images. */
export const outOfSample = (): Metric[] => [meanLoss(), aum(), margin(), el2n(), dataMaps()];

/** The columns of metrics over all checkpoints, each under its hard end and name: `high mean-loss`. */
export function scoringBy(what: string, metrics: readonly Metric[]): ShardScoring {
  return {
    what,
    score: async (checkpoints, images) => {
      const { data, shape, labels } = modelInputs(images, checkpoints.scaling);
      const chunkSize = Math.min(CHUNK, labels.length);
      const tracker = createTracker({ inputs: { data, shape: [...shape] }, labels, metrics, chunkSize });
      try {
        for (let epoch = 0; epoch < checkpoints.count; epoch++) {
          await checkpoints.load(epoch);
          await tracker.checkpoint(checkpoints.model, { epoch });
        }
        const columns: Record<string, Float32Array> = {};
        for (const metric of tracker.metrics) {
          for (const scores of Object.values(await tracker.columns(metric)).filter(isDifficulty)) {
            columns[`${scores.hardDirection} ${scoreName(scores)}`] = scores.values;
          }
        }
        return columns;
      } finally {
        tracker.dispose();
      }
    },
  };
}
