import { classNameOf, type ExportRows, proposedLabel, requireLabels } from './rows.js';

/** Names that tasks and answers agree on; the labelling configuration below has them too. */
export const LABEL_STUDIO = { from: 'label', to: 'image', id: 'vogjs_id' } as const;

/** Where the tool finds the files. */
export interface FileOptions {
  /** Put before each path: an address, or `/data/local-files/?d=` for Label Studio's local files. Default nothing. */
  readonly prefix?: string | undefined;
  /** Only examples with a flagged issue. Default true where there are any. */
  readonly flaggedOnly?: boolean | undefined;
}

/**
 * Tasks for Label Studio's import, hardest first: the file, the given label, the scores, and as a prediction the class
 * that fits better.
 *
 * Source: Label Studio's JSON of tasks and of pre-annotations.
 */
export function toLabelStudio(rows: ExportRows, options: FileOptions = {}): string {
  const labels = requireLabels(rows, 'label-studio');
  const tasks = chosen(rows, options).map((at) => {
    const proposed = proposedLabel(rows, at);
    const issues = rows.issues.get(at) ?? [];
    const data = {
      [LABEL_STUDIO.id]: String(rows.ids[at]),
      [LABEL_STUDIO.to]: `${options.prefix ?? ''}${rows.paths?.[at] ?? rows.ids[at]}`,
      given: classNameOf(rows, labels[at]),
      why: issues.map(({ why }) => why).join(' '),
      ...Object.fromEntries(rows.columns.map(({ name }, c) => [name, finite(rows.scores[c]?.[at])])),
    };
    const value = { choices: [classNameOf(rows, proposed)] };
    const result = [{ from_name: LABEL_STUDIO.from, to_name: LABEL_STUDIO.to, type: 'choices', value }];
    const score = issues.find(({ kind }) => kind === 'label')?.suggestedProbability ?? null;
    return { data, predictions: proposed === undefined ? [] : [{ model_version: 'vogjs', score, result }] };
  });
  return JSON.stringify(tasks, null, 1);
}

/** The labelling configuration that fits the tasks: one choice among the classes for an image. */
export function labelStudioConfig(classNames: readonly string[]): string {
  const escape = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const choices = classNames.map((name) => `    <Choice value="${escape(name)}"/>`).join('\n');
  return [
    '<View>',
    `  <Image name="${LABEL_STUDIO.to}" value="$${LABEL_STUDIO.to}"/>`,
    '  <Text name="why" value="$why"/>',
    `  <Choices name="${LABEL_STUDIO.from}" toName="${LABEL_STUDIO.to}" choice="single" required="true">`,
    choices,
    '  </Choices>',
    '</View>',
  ].join('\n');
}

/** Positions to look at, hardest first by the run's primary percentile. */
export function chosen(rows: ExportRows, { flaggedOnly }: FileOptions): number[] {
  const only = flaggedOnly ?? rows.issues.size > 0;
  const hardness = (at: number): number => {
    const value = rows.percentile?.[at] ?? Number.NaN;
    return Number.isNaN(value) ? -1 : value;
  };
  return Array.from({ length: rows.size }, (_, at) => at)
    .filter((at) => !only || rows.issues.has(at))
    .toSorted((a, b) => hardness(b) - hardness(a));
}

/** JSON has no NaN. */
export function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
