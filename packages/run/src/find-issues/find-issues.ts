import type { ShapedArray } from '@vogjs/base';
import { declareOptions, fits, flag, type InputOf, integer, listOf, oneOf } from '@vogjs/base/options';
import { collectIssues, type ImageMeasures, ISSUE_KINDS } from '@vogjs/issues';
import { writeIssues, type Issues } from '../issues/issues-file.js';
import type { Run } from '../open/open-run.js';
import { encodeScores, SCORES, type ScoresTable, type ScoresToWrite } from '../tables/scores-table.js';
import { evidenceOf } from './evidence.js';

const declared = declareOptions('findIssues', {
  kinds: listOf(oneOf(...ISSUE_KINDS), 1)
    .optional('all that the run allows')
    .about('Which kinds are looked for.'),
  others: integer(0).default(20).about('How many examples below the flag are listed for each kind too.'),
  heldOutProbabilities: fits<ShapedArray>('{ data, shape }', isShaped)
    .optional("the run's columns `held-out.probability0`, …")
    .about('`[N, K]`: outputs of networks that have not trained on the example.'),
  reference: fits<ShapedArray>('{ data, shape }', isShaped)
    .optional('the data is judged by itself')
    .about('`[M, D]`: features of data that is known to be right, for outliers.'),
  images: fits<readonly (ImageMeasures | null)[]>('a list of measureImage', Array.isArray)
    .optional('no image faults; twins by features alone')
    .about('`[N]`, of `measureImage`.'),
  contents: fits<readonly (string | null)[]>('a list of texts', Array.isArray)
    .optional('the hashes of the images')
    .about('`[N]`: equal for equal content, such as a row of a table as text.'),
  write: flag().default(true).about('Whether issues.json and the suggested labels are written into the run.'),
});

/** Options of `findIssues`. */
export type FindIssuesOptions = InputOf<typeof declared.entries>;

/**
 * Looks in a run for what is wrong with its data, and writes `issues.json`, and the suggested labels into the scores
 * table. It finds label errors, outliers, twins, what lies between two classes, rare classes, weak groups and bad
 * images: each kind where the run holds what it needs.
 *
 * Labels are judged by the score columns `mean-loss`, `aum`, `el2n`, `margin` and `data-maps.confidence` of the whole
 * training, else by the trajectories; by `held-out.probability0`, …; and by the features. Metadata columns make the
 * groups; one called `split` says what is train and test. `findLabelErrors` and the other functions of `@vogjs/issues`
 * say how each kind is found.
 *
 * ```ts
 * const { summary, issues } = await findIssues(await openRun('runs/photos'));
 * ```
 *
 * @throws VogError RUN_ABSENT (no scores), RUN_INVALID; ARGUMENT_INVALID for options, and for a kind that was asked for
 * and has nothing to be found by; as `collectIssues`
 */
export async function findIssues(run: Run, options: FindIssuesOptions = {}): Promise<Issues> {
  const { kinds, others, write, heldOutProbabilities, reference, images, contents } = declared.resolve(options);
  const evidence = await evidenceOf(run);
  const found = collectIssues(
    {
      ...evidence,
      ...(heldOutProbabilities && { heldOutProbabilities }),
      ...(reference && { reference }),
      ...(images && { images }),
      ...(contents && { contents }),
    },
    { others, ...(kinds && { kinds }) },
  );
  const issues = { summary: found.summary, issues: found.issues };
  if (write) {
    const suggested = found.labelErrors?.suggested.map((label, i) =>
      found.labelErrors!.flagged[i] === 1 ? label : -1,
    );
    if (suggested) await run.storage.write(SCORES, await withSuggested(await run.scores(), suggested));
    await writeIssues(run.storage, issues);
  }
  return { version: 1, ...issues };
}

/** The same table with other suggestions. */
async function withSuggested(table: ScoresTable, suggested: Int32Array): Promise<Uint8Array> {
  const scores: ScoresToWrite[] = [];
  for (const column of table.columns) scores.push({ ...column, values: await table.values(column.name) });
  const meta: Record<string, (number | string | boolean | null)[]> = {};
  for (const name of table.metaNames) meta[name] = await table.meta(name);
  return encodeScores({
    ids: await table.ids(),
    paths: (await table.paths()) ?? undefined,
    labels: (await table.labels()) ?? undefined,
    predicted: (await table.predicted()) ?? undefined,
    suggested,
    scores,
    meta,
    classNames: table.classNames ?? undefined,
    primary: table.primary ?? undefined,
  });
}

function isShaped(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'data' in value && 'shape' in value;
}
