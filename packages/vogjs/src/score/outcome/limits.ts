import { ISSUE_KINDS, type IssueSummary } from '@vogjs/run';
import { VogError } from '@vogjs/base';

/** What `--fail-above` calls a kind of issue, beside its own name. */
const ALIASES: Readonly<Record<string, string>> = {
  'label-errors': 'label',
  outliers: 'outlier',
  duplicates: 'duplicate',
  images: 'image',
  groups: 'group',
};

/** A share that must not be exceeded. */
export interface Limit {
  readonly kind: string;
  readonly name: string;
  readonly share: number;
}

/** @throws VogError CONFIG_INVALID for a kind of issue that there is not */
export function limitsOf(texts: readonly string[]): Limit[] {
  return texts.map((each) => {
    const [name = '', share = ''] = each.split('=');
    const kind = ALIASES[name] ?? name;
    if ((ISSUE_KINDS as readonly string[]).includes(kind)) return { kind, name, share: Number(share) };
    const known = [...Object.keys(ALIASES), ...ISSUE_KINDS].join(', ');
    throw new VogError('CONFIG_INVALID', `vogjs score: failAbove names '${name}'. Known: ${known}.`);
  });
}

/** A sentence for each limit that was exceeded, and for each that could not be judged: unseen is not fine. */
export function exceeded(limits: readonly Limit[], issues: readonly IssueSummary[]): string[] {
  return limits.flatMap(({ kind, name, share }) => {
    const found = issues.find((each) => each.kind === kind);
    if (found === undefined) return [`${name} could not be judged in this run.`];
    const is = found.flagged / Math.max(1, found.examined);
    const says = `${name} are ${(100 * is).toFixed(2)} % (${found.flagged} of ${found.examined}), above ${100 * share} %.`;
    return is > share ? [says] : [];
  });
}
