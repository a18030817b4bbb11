import { type Words, wordsOf } from '@vogjs/core/plugin';
import { allMetrics } from '@vogjs/metrics';

const words = new Map(allMetrics.map(({ definition }) => [definition.name, definition.words]));

/** What a metric, or one column of it, measures: what its scores say, or else what ours of this name do. A metric that is not known is described by what all have in common. */
export function describeMetric(scores: {
  metric: string;
  column?: string | undefined;
  words?: Words | undefined;
}): Words {
  const { metric, column } = scores;
  const known = scores.words ?? wordsOf(words.get(metric), column);
  if (known) return known;
  const trajectory = /^(?<value>.+)-(?<kind>variance|std)$/.exec(metric)?.groups;
  if (trajectory) {
    const spread = trajectory['kind'] === 'std' ? 'standard deviation' : 'variance';
    return {
      title: `${spread === 'variance' ? 'Variance' : 'Standard deviation'} of ${trajectory['value']} over training`,
      meaning: `the ${spread} over checkpoints of the example's ${trajectory['value']}. High where the model kept changing its mind`,
    };
  }
  return {
    title: nameOf({ metric, column }),
    meaning: 'a difficulty metric, measured on every example while the model trained',
  };
}

/** `el2n`, or `data-maps.confidence` where the metric has several columns. */
export function nameOf({ metric, column }: { metric: string; column?: string | undefined }): string {
  return column === undefined || column === metric || column === 'value' ? metric : `${metric}.${column}`;
}
