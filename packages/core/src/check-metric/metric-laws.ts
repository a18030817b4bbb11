import { VogError } from '@vogjs/base';

/** What the engine may rely on in every metric. */
export type Law = 'direction' | 'purity' | 'no leak' | 'merge' | 'chunk invariance' | 'state round trip';

/** Makes the error for a law that a metric breaks. */
export type LawBroken = (law: Law, problem: string, cause?: unknown) => VogError;

export function lawBroken(metric: string, law: Law, problem: string, seed: number, cause?: unknown): VogError {
  return new VogError('METRIC_INVALID', `Metric '${metric}' breaks the law '${law}': ${problem} (seed ${seed})`, {
    plugin: { kind: 'metric', name: metric },
    ...(cause === undefined ? {} : { cause }),
  });
}
