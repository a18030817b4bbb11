import { chosen, type FileOptions, finite } from './label-studio.js';
import { classNameOf, type ExportRows, proposedLabel, requireLabels } from './rows.js';

/** Name of the question that records and answers agree on. */
export const ARGILLA_QUESTION = 'label';

/**
 * Records for Argilla 2, hardest first, as `dataset.records.from_json` reads them: fields `image` and `given`, scores as
 * metadata (names with `_` for what Argilla does not take), the class that fits better as the suggestion.
 *
 * Source: Argilla's `Record.to_dict`.
 */
export function toArgilla(rows: ExportRows, options: FileOptions = {}): string {
  const labels = requireLabels(rows, 'argilla');
  const records = chosen(rows, options).map((at) => {
    const proposed = proposedLabel(rows, at);
    const score = rows.issues.get(at)?.find(({ kind }) => kind === 'label')?.suggestedProbability ?? null;
    const suggestion = { value: classNameOf(rows, proposed), score, agent: 'vogjs' };
    return {
      id: String(rows.ids[at]),
      fields: {
        image: `${options.prefix ?? ''}${rows.paths?.[at] ?? rows.ids[at]}`,
        given: classNameOf(rows, labels[at]),
      },
      metadata: Object.fromEntries(
        rows.columns.flatMap(({ name }, c) => {
          const value = finite(rows.scores[c]?.[at]);
          return value === null ? [] : [[name.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '_'), value]];
        }),
      ),
      suggestions: proposed === undefined ? {} : { [ARGILLA_QUESTION]: suggestion },
      responses: {},
      vectors: {},
      status: 'pending',
      _server_id: null,
    };
  });
  return JSON.stringify(records, null, 1);
}
