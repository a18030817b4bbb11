import type { Finding, Issue, IssueSummary } from '../issue.js';

/** Examples of a finding as issues, and what is said of all. */
export interface Listed {
  readonly issues: readonly Issue[];
  readonly summary: IssueSummary;
}

/** Digits of a score in a file: more tell nothing. */
const round = (value: number): number => Math.round(value * 1e4) / 1e4;

/**
 * The flagged examples, and so many of the others that score highest, worst first.
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
  const known = Array.from(scores, (_, i) => i).filter((i) => !Number.isNaN(scores[i]));
  const worst = known.toSorted((a, b) => scores[b]! - scores[a]! || a - b);
  const near = worst.filter((i) => flagged[i] === 0 && scores[i]! > 0).slice(0, others);
  const kept = new Set([...worst.filter((i) => flagged[i] === 1), ...near]);
  const issues = worst
    .filter((i) => kept.has(i))
    .map((i): Issue => {
      // A score that is not flagged stays below its half, whatever is rounded.
      const score = flagged[i] === 1 ? Math.max(0.5, round(scores[i]!)) : Math.min(0.4999, round(scores[i]!));
      return { kind, id: ids[i]!, score, flagged: flagged[i] === 1, why: why(i), ...more(i) };
    });
  const count = flagged.reduce((sum, each) => sum + each, 0);
  return { issues, summary: { kind, flagged: count, examined: known.length, says: finding.summary } };
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
  const issues = [...flagged, ...near].map((issue) => ({
    ...issue,
    score: issue.flagged ? Math.max(0.5, round(issue.score)) : Math.min(0.4999, round(issue.score)),
  }));
  return { issues, summary: { kind, flagged: flagged.length, examined, says: says(flagged.length) } };
}
