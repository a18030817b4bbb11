import type { Tracker } from '@vogjs/core';
import type { ScoresToWrite } from '@vogjs/run';

/** Columns that hold a probability of each class: what `findIssues` proposes labels by, over the whole training. */
const PROBABILITY = /^probability\d+$/;
/** A table with more such columns than this is slow to look at, and its file many times as large. */
const MOST_CLASSES = 256;

/** All scores of a tracker, a column a metric, output and window. */
export async function scoredColumns(tracker: Tracker, windows: Iterable<string>): Promise<ScoresToWrite[]> {
  const scores: ScoresToWrite[] = [];
  for (const metric of tracker.metrics) {
    for (const window of windows) {
      const columns = Object.entries(await tracker.columns(metric, { window }));
      const isKept = window === 'complete' && columns.length <= MOST_CLASSES;
      for (const [column, each] of columns) {
        if (PROBABILITY.test(column) && !isKept) continue;
        const { hardDirection, checkpoints, values, notes } = each;
        scores.push({ metric, column, window, hardDirection, checkpoints, values, notes });
      }
    }
  }
  return scores;
}
