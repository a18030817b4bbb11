import type { ReportInput, ReportIssues } from '@vogjs/report';
import type { Issue, IssueKind, Issues, Run } from '@vogjs/run';
import { suspectLabels } from '../suspect-labels.js';

/** Titles of the sections; doubtful labels have one of their own. */
const TITLES: Readonly<Record<IssueKind, string>> = {
  label: 'Labels to check',
  outlier: 'Outliers',
  duplicate: 'Duplicates',
  ambiguous: 'Between two classes',
  imbalance: 'Rare classes',
  group: 'Weak groups',
  image: 'Bad pictures',
};
/** Of classes and groups, whose id is no example's. */
const OF_NO_EXAMPLE: ReadonlySet<IssueKind> = new Set(['imbalance', 'group']);

/** What a run's issues are to its page. */
export async function reportIssues(
  run: Run,
  ids: readonly (string | number)[],
): Promise<Pick<ReportInput, 'suspects' | 'issues'>> {
  if (!(await run.has('issues.json'))) return {};
  const rows = new Map(ids.map((id, row) => [String(id), row]));
  const { summary, issues } = await run.issues();
  const flagged = (kind: IssueKind): readonly Issue[] =>
    issues.filter((issue) => issue.kind === kind && issue.flagged).toSorted((a, b) => b.score - a.score);
  const suspects = suspectLabels(issues).flatMap(({ id, score, why, suggested }) => {
    const index = rows.get(String(id));
    // Issues may be of another table's ids; the explorer leaves them out as well.
    return index === undefined
      ? []
      : [{ index, proposedLabel: suggested ?? null, percentile: 100 * score, reason: why }];
  });
  return {
    ...(suspects.length === 0 ? {} : { suspects }),
    issues: summary.map(({ kind, says }) => ({
      kind,
      title: TITLES[kind],
      says,
      issues: kind === 'label' ? [] : flagged(kind).map((issue) => rowOf(issue, rows)),
    })),
  };
}

function rowOf(
  { kind, id, why, others = [] }: Issues['issues'][number],
  rows: ReadonlyMap<string, number>,
): ReportIssues['issues'][number] {
  if (OF_NO_EXAMPLE.has(kind)) return { index: null, name: String(id), why };
  const index = rows.get(String(id)) ?? null;
  const placed = others.flatMap((other) => rows.get(String(other)) ?? []);
  return { index, name: String(id), why, others: placed };
}
