import { compareOod } from '@vogjs/ood/evaluation';
import type { Interval } from '@vogjs/statistics';
import { useEffect, useState } from 'preact/hooks';
import { type SetScores, valuesOf } from './model/set-scores.js';

/** Examples that all resamples together draw: a standard error settles long before quantiles do. */
const DRAWN = 4e6;

/** The area under the ROC with its bootstrap interval, once it is worked out: after the picture, which does not wait. */
export function useAuroc(ins: SetScores | undefined, outs: SetScores): Interval | null {
  const [found, setFound] = useState<{ readonly of: SetScores; readonly interval: Interval } | null>(null);
  useEffect(() => {
    if (ins === undefined) return undefined;
    const timer = setTimeout(() => {
      const resamples = Math.round(Math.min(1000, Math.max(100, DRAWN / (ins.order.length + outs.order.length))));
      const pair = { in: valuesOf(ins), out: valuesOf(outs) };
      const { detectors } = compareOod({ it: pair }, { oodDirection: outs.oodDirection, resamples });
      const interval = detectors['it']?.intervals.auroc;
      if (interval !== undefined) setFound({ of: outs, interval });
    }, 30);
    return () => clearTimeout(timer);
  }, [ins, outs]);
  return found?.of === outs ? found.interval : null;
}
