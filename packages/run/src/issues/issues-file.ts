import { isRecord, parseJson, VogError } from '@vogjs/base';
import { absent, type RunStorage } from '../storage/storage.js';

const ISSUES = 'issues.json';
const VERSION = 1;

export const ISSUE_KINDS = ['label', 'outlier', 'duplicate', 'ambiguous', 'imbalance', 'group', 'image'] as const;
export type IssueKind = (typeof ISSUE_KINDS)[number];

/** Something that may be wrong with an example, or with a class or group of them. */
export interface Issue {
  readonly kind: IssueKind;
  /** Id of the example; of an imbalance the class, of a group its name. */
  readonly id: string | number;
  /** How much it is one, 0 to 1. */
  readonly score: number;
  /** Whether somebody should look. */
  readonly flagged: boolean;
  /** A plain sentence. */
  readonly why: string;
  /** Of a label: the class index that fits better, and its probability. */
  readonly suggested?: number;
  readonly suggestedProbability?: number;
  /** Of a duplicate: ids of the others. */
  readonly others?: readonly (string | number)[];
  /** What kind of an image fault, and the like. */
  readonly detail?: string;
}

/** What was found, by kind. */
export interface IssueSummary {
  readonly kind: IssueKind;
  readonly flagged: number;
  readonly examined: number;
  readonly says: string;
}

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
