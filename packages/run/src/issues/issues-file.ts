import { isRecord } from '@vogjs/base';
import { ISSUE_KINDS, type Issue, type IssueSummary } from '@vogjs/issues';
import type { RunStorage } from '../storage/storage.js';
import { readVersioned } from '../storage/versioned.js';

export const ISSUES = 'issues.json';
const VERSION = 1;

/** `issues.json` */
export interface Issues {
  readonly version: 1;
  readonly summary: readonly IssueSummary[];
  readonly issues: readonly Issue[];
}

export async function writeIssues(storage: RunStorage, issues: Omit<Issues, 'version'>): Promise<void> {
  const content: Issues = { version: VERSION, ...issues };
  await storage.write(ISSUES, new TextEncoder().encode(JSON.stringify(content, null, 1)));
}

/** @throws VogError RUN_ABSENT when none were looked for, RUN_INVALID, RUN_VERSION */
export async function readIssues(storage: RunStorage): Promise<Issues> {
  const { value, invalid } = await readVersioned(storage, ISSUES, {
    latest: VERSION,
    remedy: 'Find the issues again.',
  });
  const { issues, summary } = value as unknown as Issues;
  if (!Array.isArray(issues) || !Array.isArray(summary)) throw invalid('lacks its list of issues or its summary');
  const wrong = issues.findIndex((issue) => !isIssue(issue));
  if (wrong !== -1) throw invalid(`has an entry, number ${wrong}, that is not an issue`);
  return value as unknown as Issues;
}

function isIssue(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { kind, id, score, flagged, why } = value;
  const named = typeof id === 'string' || typeof id === 'number';
  return (
    (ISSUE_KINDS as readonly unknown[]).includes(kind) &&
    named &&
    typeof score === 'number' &&
    typeof flagged === 'boolean' &&
    typeof why === 'string'
  );
}
