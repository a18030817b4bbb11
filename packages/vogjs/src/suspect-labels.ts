import type { Issue } from '@vogjs/run';

/** The labels that a run flags as wrong, most suspect first. */
export function suspectLabels(issues: readonly Issue[]): Issue[] {
  return issues.filter(({ kind, flagged }) => kind === 'label' && flagged).toSorted((a, b) => b.score - a.score);
}
