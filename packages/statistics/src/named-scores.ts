import { VogError } from '@vogjs/base';
import { requireSameLength, requireScores } from './arguments.js';
import type { DifficultyScores } from './difficulty-scores.js';

/** Scores that may say what they are called and which examples they are of. `Scores` of `@vogjs/core` says both. */
export interface NamedScores extends DifficultyScores {
  readonly metric?: string | undefined;
  readonly column?: string | undefined;
  readonly window?: string | undefined;
  readonly ids?: ArrayLike<string | number> | undefined;
}

/** Several scores of the same examples: in a list, or under names of your own. */
export type ScoresByName<Item extends NamedScores> = readonly Item[] | Readonly<Record<string, Item>>;

/**
 * Each of the scores under a name that no other has.
 *
 * @throws VogError PROBE_MISMATCH when they are not of the same examples in the same order
 */
export function nameScores<Item extends NamedScores>(scores: ScoresByName<Item>): [name: string, scores: Item][] {
  if (typeof scores !== 'object' || scores === null) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `The scores are ${String(scores)}; expected a list of Scores, or a record by name.`,
    );
  }
  for (const [name, item] of Object.entries<Item>(scores as Record<string, Item>))
    requireScores(`scores.${name}`, item);
  const named: [string, Item][] = isList(scores)
    ? uniqueNames(scores).map((name, index) => [name, scores[index]!])
    : Object.entries(scores);
  const first = named[0];
  for (const [name, item] of named.slice(1)) {
    requireSameLength(name, item.values.length, first![0], first![1].values.length);
    requireSameExamples(name, item, first![0], first![1]);
  }
  return named;
}

function isList<Item extends NamedScores>(scores: ScoresByName<Item>): scores is readonly Item[] {
  return Array.isArray(scores);
}

/** `el2n`; `data-maps.confidence` where the metric has columns; 'early' and the like where windows differ; numbered where alike. */
function uniqueNames(scores: readonly NamedScores[]): string[] {
  const windows = new Set(scores.map(({ window }) => window)).size > 1;
  const seen = new Map<string, number>();
  return scores.map(({ metric = 'score', column = metric, window }) => {
    const base = column === metric || column === 'value' ? metric : `${metric}.${column}`;
    const name = windows && window !== undefined ? `${base} ${window}` : base;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}

function requireSameExamples(name: string, { ids }: NamedScores, otherName: string, other: NamedScores): void {
  if (!ids || !other.ids) return;
  for (let example = 0; example < ids.length; example++) {
    if (ids[example] === other.ids[example]) continue;
    throw new VogError(
      'PROBE_MISMATCH',
      `Example ${example} is ${JSON.stringify(ids[example])} in ${name} and ${JSON.stringify(other.ids[example])} in ` +
        `${otherName}; both must be scores of the same examples, in the same order.`,
    );
  }
}
