import type { Issue, Run } from '@vogjs/run';
import type { ApiIssue, ApiIssues } from '../../api/types.js';
import type { ServedRun } from './served-run.js';

/** Issues of a run, about rows. */
export async function readIssues(served: ServedRun, run: Run): Promise<ApiIssues> {
  const [{ issues, summary }, { rows }] = await Promise.all([run.issues(), served.rowIds(run)]);
  const told: ApiIssue[] = [];
  let strangers = 0;
  for (const issue of issues) {
    const ofMany = issue.kind === 'imbalance' || issue.kind === 'group';
    const row = ofMany ? null : rows.get(String(issue.id));
    if (row === undefined) strangers++;
    else told.push(toldOf(issue, row, rows));
  }
  return { summary, issues: told, strangers };
}

function toldOf(issue: Issue, row: number | null, rows: ReadonlyMap<string, number>): ApiIssue {
  const { kind, id, score, flagged, why, suggested, suggestedProbability, others = [], detail } = issue;
  return {
    kind,
    row,
    name: row === null ? String(id) : null,
    score,
    flagged,
    why,
    suggested: suggested ?? null,
    suggestedProbability: suggestedProbability ?? null,
    others: others.flatMap((other) => rows.get(String(other)) ?? []),
    detail: detail ?? null,
  };
}
