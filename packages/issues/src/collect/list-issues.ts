import type { Finding, Issue, IssueSummary } from '../issue.js';
import { worstFirst } from '../shared/score.js';

/** Examples of a finding as issues, and what is said of all. */
export interface Listed {
  readonly issues: readonly Issue[];
  readonly summary: IssueSummary;
}

/** Digits of a share in a file: more tell nothing. */
export const round = (value: number): number => Math.round(value * 1e4) / 1e4;

/** A score that is not flagged stays below its half, whatever is rounded. */
const rounded = (score: number, isFlagged: boolean): number =>
  isFlagged ? Math.max(0.5, round(score)) : Math.min(0.4999, round(score));

/**
 * The flagged examples, and a number of the others that score highest, worst first.
 *
 * @param more what else is known of an example, for its issue
 */
export function listIssues(
  finding: Finding,
  ids: ArrayLike<string | number>,
  others: number,
  more: (example: number) => Partial<Issue> = () => ({}),
): Listed {
  const { kind, scores, flagged, why } = finding;
  const worst = worstFirst(scores);
  const near = worst.filter((i) => flagged[i] === 0 && scores[i]! > 0).slice(0, others);
  const kept = new Set([...worst.filter((i) => flagged[i] === 1), ...near]);
  const issues = worst
    .filter((i) => kept.has(i))
    .map((i): Issue => {
      const isFlagged = flagged[i] === 1;
      return { kind, id: ids[i]!, score: rounded(scores[i]!, isFlagged), flagged: isFlagged, why: why(i), ...more(i) };
    });
  const count = flagged.reduce((sum, each) => sum + each, 0);
  return { issues, summary: { kind, flagged: count, examined: worst.length, says: finding.summary } };
}

/** Issues that are of no example, or several of one, as they are: with a summary. */
export function summed(
  kind: Issue['kind'],
  all: readonly Issue[],
  examined: number,
  others: number,
  says: (flagged: number) => string,
): Listed {
  const flagged = all.filter((issue) => issue.flagged);
  const near = all.filter((issue) => !issue.flagged && issue.score > 0).slice(0, others);
  const issues = [...flagged, ...near].map((issue) => ({ ...issue, score: rounded(issue.score, issue.flagged) }));
  return { issues, summary: { kind, flagged: flagged.length, examined, says: says(flagged.length) } };
}
