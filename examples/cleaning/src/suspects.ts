import { findLabelErrors } from '@vogjs/issues';
import type { Tracker } from '@vogjs/core';
import { aum, confidentLearning, dataMaps, el2n, margin, meanLoss, probabilitiesOf } from '@vogjs/metrics';
import type { Labelled } from './data.js';

/** What the plain training's trajectories say of its labels. */
export interface Suspects {
  /** `[N]`, 0 to 1; from 0.5 on a label is flagged. */
  readonly scores: readonly number[];
  /** `[N]`, the class proposed; -1 for none. */
  readonly suggested: readonly number[];
  /** Positions, the most suspect first. */
  readonly order: readonly number[];
  /** 1 where a label is flagged. */
  readonly flagged: readonly number[];
}

/** How well they were found, by the clean labels. */
export interface Finding {
  readonly wrong: number;
  readonly flagged: number;
  /** Of the flagged ones, how many labels are wrong. */
  readonly hits: number;
  /** Of those, how many suggested labels are right. */
  readonly suggestedRight: number;
}

/** What `findIssues` reads of a training; one forward pass for all. */
export const suspectMetrics = () => [meanLoss(), aum(), el2n(), margin(), dataMaps(), confidentLearning()];

/** Suspects as `vogjs score` finds them in one training: by trajectories alone, nothing held out and nothing tuned. */
export async function suspectsOf(tracker: Tracker, { labels }: Labelled): Promise<Suspects> {
  const trajectories = Object.fromEntries(
    await Promise.all(
      (['mean-loss', 'aum', 'el2n', 'margin', 'data-maps'] as const).map(
        async (name) => [name, await tracker.scores(name)] as const,
      ),
    ),
  );
  const trainedProbabilities = probabilitiesOf(await tracker.columns('confident-learning'));
  const found = findLabelErrors({ labels, trajectories, trainedProbabilities });
  const { suspicion } = found;
  return {
    scores: [...found.scores],
    suggested: [...found.suggested],
    order: [...labels.keys()].toSorted((a, b) => suspicion[b]! - suspicion[a]! || a - b),
    flagged: [...found.flagged],
  };
}

export function findingOf({ flagged, suggested }: Suspects, { wrong, clean }: Labelled): Finding {
  const finding = { wrong: 0, flagged: 0, hits: 0, suggestedRight: 0 };
  for (const [i, flag] of flagged.entries()) {
    finding.wrong += wrong[i]!;
    finding.flagged += flag;
    if (flag === 0 || wrong[i] === 0) continue;
    finding.hits += 1;
    finding.suggestedRight += Number(suggested[i] === clean[i]);
  }
  return finding;
}
