import { type ShapedArray, VogError } from '@vogjs/base';
import { declareOptions, type InputOf, integer, listOf, oneOf } from '@vogjs/base/options';
import { requireArray } from '@vogjs/statistics';
import { findAmbiguous } from '../ambiguous/find-ambiguous.js';
import { findImbalance } from '../classes/find-imbalance.js';
import { type DuplicateEvidence, type Duplicates, findDuplicates } from '../duplicates/find-duplicates.js';
import { findWeakGroups } from '../groups/find-weak-groups.js';
import type { MetadataColumn } from '../groups/groups-of.js';
import { judgeImages } from '../images/judge-images.js';
import { type Issue, ISSUE_KINDS, type IssueKind, type IssueSummary } from '../issue.js';
import { findLabelErrors, type LabelErrors, type LabelEvidence } from '../labels/find-label-errors.js';
import { findOutliers, type OutlierEvidence, type Outliers } from '../outliers/find-outliers.js';
import { likeliestClasses } from '../labels/probabilities.js';
import { rememberNeighbours } from '../neighbours/search.js';
import { requireEntries, requireRows } from '../shared/arguments.js';
import { counted } from '../shared/words.js';
import { type Listed, listIssues, round, summed } from './list-issues.js';

const declared = declareOptions('collectIssues', {
  kinds: listOf(oneOf(...ISSUE_KINDS), 1)
    .optional('all that the data allows')
    .about('Which kinds are looked for.'),
  others: integer(0)
    .default(20)
    .about('How many examples below the flag are listed for each kind too: those that come next.'),
});

/** Options of `collectIssues`. */
export type CollectOptions = InputOf<typeof declared.entries>;

/** All that is known of a data set; what is missing leaves out the kinds that need it. */
export interface IssueEvidence
  extends
    Partial<Pick<LabelEvidence, 'labels'>>,
    Omit<LabelEvidence, 'labels' | 'features'>,
    Omit<OutlierEvidence, 'features'>,
    Pick<DuplicateEvidence, 'contents' | 'images' | 'splits'> {
  /** `[N]` */
  readonly ids: ArrayLike<string | number>;
  readonly features?: ShapedArray | undefined;
  /** Columns by which weak groups are sought, each `[N]`. */
  readonly metadata?: Readonly<Record<string, MetadataColumn>> | undefined;
  /** `[N]`: predicted class, to tell right from wrong for groups; by default that of the held-out probabilities. */
  readonly predicted?: ArrayLike<number> | undefined;
}

/** What is wrong with a data set. */
export interface CollectedIssues {
  /** One entry a kind that could be looked for. */
  readonly summary: readonly IssueSummary[];
  /** Kind by kind, worst first. */
  readonly issues: readonly Issue[];
  /** Scores of all examples, of the kinds that have one each; and the labels proposed. */
  readonly labelErrors?: LabelErrors;
  readonly outliers?: Outliers;
  readonly duplicates?: Duplicates;
}

/**
 * Looks for every kind of issue that the data allows: labels, outliers, twins, what lies between two classes, rare
 * classes, weak groups, bad images.
 *
 * @throws VogError as the functions of each kind; ARGUMENT_INVALID for a kind that was asked for and lacks its data
 */
export function collectIssues(data: IssueEvidence, options: CollectOptions = {}): CollectedIssues {
  const { kinds, others } = declared.resolve(options);
  checkSizes(data);
  // Of thousands of rows a search takes minutes, and three kinds ask for one.
  const search = rememberNeighbours();
  const found: { [K in 'label' | 'outlier' | 'duplicate']?: LabelErrors | Outliers | Duplicates } = {};
  const searches: Record<IssueKind, () => Listed | null> = {
    label: () => {
      const { labels, features, heldOutProbabilities, trainedProbabilities, trajectories } = data;
      const has = heldOutProbabilities ?? trainedProbabilities ?? features ?? Object.values(trajectories ?? {})[0];
      if (!labels || !has) return null;
      const errors = findLabelErrors({ ...data, labels }, {}, search);
      found.label = errors;
      return listIssues(errors, data.ids, others, (i) =>
        errors.suggested[i] === -1
          ? {}
          : { suggested: errors.suggested[i]!, suggestedProbability: round(errors.probabilities[i]!) },
      );
    },
    outlier: () => {
      const { features } = data;
      if (!features || (features.shape[0] ?? 0) < 2) return null;
      const outliers = findOutliers({ ...data, features }, {}, search);
      found.outlier = outliers;
      return listIssues(outliers, data.ids, others);
    },
    duplicate: () => {
      if (!data.contents && !data.images && !data.features) return null;
      const duplicates = findDuplicates(data, {}, search);
      found.duplicate = duplicates;
      return listIssues(duplicates, data.ids, others, (i) => {
        const twins = duplicates.sets[duplicates.setOf[i]!] ?? [];
        const rest = twins.filter((at) => at !== i).map((at) => data.ids[at]!);
        return { detail: duplicates.typeOf(i), others: rest };
      });
    },
    ambiguous: () => {
      const outputs = data.heldOutProbabilities ?? data.trainedProbabilities;
      if (!data.labels || !outputs) return null;
      return listIssues(findAmbiguous(outputs, data.labels, {}, data.classNames), data.ids, others);
    },
    imbalance: () => {
      if (!data.labels) return null;
      const all = findImbalance(data.labels, {}, data.classNames);
      return summed('imbalance', all, all.length, others, (count) =>
        count === 0
          ? 'No class has few examples.'
          : all[0]!.detail === 'one class'
            ? all[0]!.why
            : `${counted(count, 'class', 'classes')} of ${all.length} ${count === 1 ? 'has' : 'have'} few examples.`,
      );
    },
    group: () => {
      const { labels, metadata, heldOutProbabilities } = data;
      const predicted = data.predicted ?? (heldOutProbabilities && likeliestClasses(heldOutProbabilities));
      if (!labels || !predicted || !metadata || Object.keys(metadata).length === 0) return null;
      const correct = Uint8Array.from({ length: labels.length }, (_, i) => Number(predicted[i] === labels[i]));
      const all = findWeakGroups(metadata, correct);
      return summed('group', all, all.length, others, (count) =>
        all.length === 0
          ? 'There are no groups to compare.'
          : count === 0
            ? `In none of ${counted(all.length, 'group')} is the model wrong more often than in the rest.`
            : `In ${counted(count, 'group')} of ${all.length} the model is wrong more often than in the rest.`,
      );
    },
    image: () => {
      const { images, ids } = data;
      if (!images) return null;
      const all = judgeImages(images, {}, 0.4).map(({ example, ...issue }): Issue => ({ ...issue, id: ids[example]! }));
      const present = images.filter((image) => image !== null).length;
      const { issues, summary } = summed('image', all, present, others, (count) =>
        count === 0
          ? 'No image has a fault.'
          : `${counted(count, 'fault')} in ${counted(present, 'image')}: ${faultsOf(all)}.`,
      );
      // An image with two faults is one image.
      const flagged = new Set(all.filter((issue) => issue.flagged).map(({ id }) => id)).size;
      return { issues, summary: { ...summary, flagged } };
    },
  };
  const asked = kinds ?? ISSUE_KINDS;
  const listed = ISSUE_KINDS.filter((kind) => asked.includes(kind)).flatMap((kind) => {
    const result = searches[kind]();
    if (result) return [result];
    if (!kinds) return [];
    throw new VogError('ARGUMENT_INVALID', `collectIssues: nothing was given to find '${kind}' with. ${needs[kind]}`);
  });
  return {
    summary: listed.map(({ summary }) => summary),
    issues: listed.flatMap(({ issues }) => issues),
    ...(found.label && { labelErrors: found.label as LabelErrors }),
    ...(found.outlier && { outliers: found.outlier as Outliers }),
    ...(found.duplicate && { duplicates: found.duplicate as Duplicates }),
  };
}

/** Refuses lists that are not of the same examples as the ids. */
function checkSizes(data: IssueEvidence): void {
  const where = 'collectIssues';
  const { ids, labels, predicted, energies, contents, images, splits, metadata } = data;
  requireArray(`${where}: ids`, ids);
  for (const [name, list] of Object.entries({ labels, predicted, energies, contents, images, splits })) {
    if (list) requireEntries(where, name, list, ids.length);
  }
  for (const [name, list] of Object.entries(metadata ?? {})) {
    requireEntries(where, `metadata['${name}']`, list, ids.length);
  }
  const { features, heldOutProbabilities, trainedProbabilities } = data;
  for (const [name, rows] of Object.entries({ features, heldOutProbabilities, trainedProbabilities })) {
    if (rows) requireRows(where, name, rows, ids.length);
  }
}

const needs: Record<IssueKind, string> = {
  label: 'Give labels, and probabilities, trajectories or features.',
  outlier: 'Give features of two examples or more.',
  duplicate: 'Give images, contents or features.',
  ambiguous: 'Give labels and probabilities.',
  imbalance: 'Give labels.',
  group: 'Give labels, predictions and metadata.',
  image: 'Give images, measured by measureImage.',
};

/** `40 low information, 3 blurred`: how many there are of each fault, the most first. */
function faultsOf(all: readonly Issue[]): string {
  const counts = new Map<string, number>();
  for (const { flagged, detail = '' } of all) if (flagged) counts.set(detail, (counts.get(detail) ?? 0) + 1);
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .map(([fault, count]) => `${count.toLocaleString('en')} ${fault}`)
    .join(', ');
}
