import { FINAL_SCORES, type ImageProbe, trackedMetrics } from '@vogjs/example-shared';
import { createTracker, type Metric, type ScorableModel } from '@vogjs/core';

/** What one checkpoint of a metric costs, in milliseconds per 1,000 examples. */
export interface MetricCost {
  readonly metric: string;
  /** A pass with all metrics, less the pass without this one: what it adds where the others share its needs. */
  readonly added: number;
  /** A pass with this metric alone, its forward (and backward) pass included. */
  readonly alone: number;
}

/** Timed passes of each kind; the fastest counts, since other work on the machine only ever adds time. */
const REPEATS = 6;

/** Costs of all tracked metrics on a trained model, and of the scores that are taken once. */
export async function metricCosts(model: ScorableModel, probe: ImageProbe): Promise<MetricCost[]> {
  const metrics = () => trackedMetrics({ learningRate: () => 1 });
  const size = probe.labels.length;
  const per1000 = (milliseconds: number) => (milliseconds * 1000) / size;
  const costs: MetricCost[] = [];
  for (const { name } of metrics()) {
    const [all, without, alone] = await timedPasses(model, probe, [
      metrics(),
      metrics().filter((metric) => metric.name !== name),
      metrics().filter((metric) => metric.name === name),
    ]);
    costs.push({
      metric: name,
      added: per1000((all as number) - (without as number)),
      alone: per1000(alone as number),
    });
  }
  for (const { name, score } of FINAL_SCORES) {
    const started = performance.now();
    await score(model, probe);
    const milliseconds = per1000(performance.now() - started);
    costs.push({ metric: name, added: milliseconds, alone: milliseconds });
  }
  return costs;
}

/** Least milliseconds of a checkpoint for each set of metrics, taken in turn so that a busy machine slows all alike. */
async function timedPasses(
  model: ScorableModel,
  probe: ImageProbe,
  sets: readonly (readonly Metric[])[],
): Promise<number[]> {
  const trackers = sets.map((metrics) => createTracker({ ...probe, metrics }));
  const times = sets.map((): number[] => []);
  // The first round warms kernels and caches and is not counted.
  for (let round = 0; round <= REPEATS; round++) {
    for (const [i, tracker] of trackers.entries()) {
      const started = performance.now();
      await tracker.checkpoint(model, { epoch: round });
      if (round > 0) times[i]?.push(performance.now() - started);
    }
  }
  for (const tracker of trackers) tracker.dispose();
  return times.map((milliseconds) => Math.min(...milliseconds));
}
