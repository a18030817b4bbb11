import { isRecord, parseJson, VogError } from '@vogjs/base';
import { ISSUE_KINDS, type Issue, type IssueSummary } from '@vogjs/issues';
import { absent, type RunStorage } from '../storage/storage.js';

const ISSUES = 'issues.json';
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
  if ((await storage.size(ISSUES)) === null) throw absent(storage.place, ISSUES);
  const invalid = (why: string): VogError =>
    new VogError('RUN_INVALID', `${ISSUES} of ${storage.place} ${why}. Find the issues again.`);
  let value: unknown;
  try {
    value = parseJson(new TextDecoder().decode(await storage.read(ISSUES)));
  } catch (error) {
    throw new VogError('RUN_INVALID', invalid('is damaged').message, { cause: error });
  }
  if (!isRecord(value)) throw invalid('is no object');
  if (value['version'] !== VERSION) {
    throw new VogError(
      'RUN_VERSION',
      `${ISSUES} of ${storage.place} has another version than ${VERSION}. Update VoG.js.`,
    );
  }
  const { issues, summary } = value as unknown as Issues;
  if (!Array.isArray(issues) || !Array.isArray(summary)) throw invalid('lacks its list of issues or its summary');
  const wrong = issues.findIndex((issue) => !isIssue(issue));
  if (wrong !== -1) throw invalid(`has an issue, number ${wrong}, that is none`);
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
