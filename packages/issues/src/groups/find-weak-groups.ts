import { VogError } from '@vogjs/base';
import { declareOptions, type InputOf, integer, share } from '@vogjs/base/options';
import { benjaminiHochberg, overRepresentation, requireArray } from '@vogjs/statistics';
import type { Issue } from '../issue.js';
import { requireEntries } from '../shared/arguments.js';
import { scoreAround } from '../shared/score.js';
import { counted, percent } from '../shared/words.js';
import { groupsOf, type MetadataColumn } from './groups-of.js';

const where = 'findWeakGroups';
const declared = declareOptions(where, {
  falseDiscoveries: share().default(0.05).about('The share of the groups flagged that may be weak by chance.'),
  least: integer(2).default(10).about('Groups of fewer examples are not judged.'),
  difference: share().default(0.02).about('Flagged where the group is wrong so much more often than the rest.'),
});

/** Options of `findWeakGroups`. */
export type WeakGroupsOptions = InputOf<typeof declared.entries>;

/**
 * In which groups of the metadata the model is wrong more often than in the rest; one issue a group, worst first.
 *
 * Text columns are grouped by value, columns of numbers by quarters. Each group is tested against the rest by Fisher's
 * exact test, one-sided; over all groups of all columns, Benjamini and Hochberg's procedure keeps the share of false
 * discoveries. What is found is that they go together, not that the one causes the other.
 *
 * @param columns metadata by name, each `[N]`: texts, numbers or nulls
 * @param correct `[N]`: 1 or true where the prediction is right; of held-out predictions, for others are all right
 * @throws VogError ARGUMENT_INVALID, PROBE_MISMATCH (lengths)
 */
export function findWeakGroups(
  columns: Readonly<Record<string, MetadataColumn>>,
  correct: ArrayLike<number | boolean>,
  options: WeakGroupsOptions = {},
): Issue[] {
  const { falseDiscoveries, least, difference } = declared.resolve(options);
  requireArray(`${where}: correct`, correct);
  if (typeof columns !== 'object' || columns === null) {
    throw new VogError('ARGUMENT_INVALID', `${where}: columns must be a record of lists by name.`);
  }
  const size = correct.length;
  const wrong = Uint8Array.from({ length: size }, (_, i) => Number(!correct[i]));
  const errors = wrong.reduce((sum, each) => sum + each, 0);
  const groups = Object.entries(columns).flatMap(([name, column]) => {
    requireEntries(where, `columns['${name}']`, column, size);
    return groupsOf(name, column).filter(({ examples }) => examples.length >= least && size - examples.length >= least);
  });
  if (groups.length === 0) return [];
  const counts = groups.map(({ examples }) => examples.reduce((sum, i) => sum + wrong[i]!, 0));
  const tails = groups.map(({ examples }, g) => overRepresentation(counts[g]!, examples.length, errors, size).pOver);
  const adjusted = benjaminiHochberg(tails.map((p) => Math.min(1, p)));
  return groups
    .map(({ name, examples }, g): Issue => {
      const own = counts[g]! / examples.length;
      const rest = (errors - counts[g]!) / (size - examples.length);
      const isWeak = adjusted[g]! <= falseDiscoveries && own - rest >= difference;
      // Beyond the threshold what counts is how much worse, not how sure.
      const score = isWeak
        ? 0.5 + (own - rest) / 2
        : Math.min(0.4999, scoreAround(-adjusted[g]!, -falseDiscoveries, -1, 0));
      const why =
        `${name}: ${percent(1 - own)} of ${counted(examples.length, 'example')} are right, and ${percent(1 - rest)} of the rest ` +
        `(adjusted p = ${adjusted[g]!.toPrecision(2)}).`;
      return { kind: 'group', detail: 'weak', id: name, score, flagged: isWeak, why };
    })
    .toSorted((a, b) => b.score - a.score);
}
