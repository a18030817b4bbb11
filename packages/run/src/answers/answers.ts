import { checkArgument, isRecord, oneOf, parseJson, VogError } from '@vogjs/base';
import { ARGILLA_QUESTION } from '../export/argilla.js';
import { LABEL_STUDIO } from '../export/label-studio.js';
import type { Run } from '../open/open-run.js';
import type { Review } from '../reviews/reviews.js';
import { correctionAnswers, reviewAnswers } from './corrections.js';
import { judgedBy, labelOf, timeOf } from './judged.js';

/** Whose answers become reviews: two programs, and our own `corrections.csv` and `reviews.jsonl`. */
export const ANSWER_FORMATS = ['label-studio', 'argilla', 'corrections', 'reviews'] as const;
export type AnswerFormat = (typeof ANSWER_FORMATS)[number];

/** One answer of one person. */
interface Answer {
  readonly id: string;
  /** Name of the class; null where the person would not say. */
  readonly choice: string | null;
  readonly by: string | undefined;
  readonly when: string;
}

/**
 * Answers that people gave in another program to what `exportRun` gave it, as reviews: the given label again is
 * `confirm`, another one `relabel`, a cancelled or discarded answer `skip`. `importAnswers` puts them into the run.
 *
 * @param file the bytes of Label Studio's JSON export, of Argilla's `records.to_json`, of a `corrections.csv` or JSON lines
 *   of its rows, or of another copy's `reviews.jsonl`
 * @throws VogError RUN_INVALID for a file of another kind, IDS_UNKNOWN for an answer about an example that the run lacks,
 *   LABEL_INVALID for a choice that is not one of the run's classes
 */
export async function readAnswers(run: Run, format: AnswerFormat, file: Uint8Array): Promise<Review[]> {
  checkArgument('readAnswers', 'format', format, oneOf(...ANSWER_FORMATS));
  const judged = await judgedBy(run);
  if (format === 'corrections') return correctionAnswers(judged, new TextDecoder().decode(file));
  if (format === 'reviews') return reviewAnswers(judged, new TextDecoder().decode(file));
  const { ids, labels } = judged;
  const answers = (format === 'argilla' ? argillaAnswers : labelStudioAnswers)(parsed(format, file));
  return answers.map(({ id, choice, by, when }) => {
    const at = judged.positionOf(id);
    const review = { id: ids[at] as string | number, when, ...(by === undefined ? {} : { by }) };
    if (choice === null) return { ...review, decision: 'skip' };
    const label = labelOf(judged, id, choice);
    return label === labels?.[at] ? { ...review, decision: 'confirm' } : { ...review, decision: 'relabel', label };
  });
}

function parsed(format: AnswerFormat, file: Uint8Array): Record<string, unknown>[] {
  const invalid = (why: string, cause?: unknown): VogError =>
    new VogError('RUN_INVALID', `This is not an export of ${format}: ${why}.`, { cause });
  let value: unknown;
  try {
    value = parseJson(new TextDecoder().decode(file));
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
  if (!Array.isArray(value) || !value.every(isRecord)) throw invalid('expected a list of objects');
  return value;
}

function labelStudioAnswers(tasks: readonly Record<string, unknown>[]): Answer[] {
  return tasks.flatMap(({ data, annotations }, at) => {
    const id = isRecord(data) ? data[LABEL_STUDIO.id] : undefined;
    if (typeof id !== 'string') {
      throw new VogError(
        'RUN_INVALID',
        `Task ${at} has no ${LABEL_STUDIO.id} among its data: it was not exported by VoG.js. Use the JSON export, not CSV.`,
      );
    }
    return (Array.isArray(annotations) ? annotations : []).filter(isRecord).map((annotation) => {
      const { result, was_cancelled: cancelled, completed_by: by, updated_at: when } = annotation;
      const answered = (Array.isArray(result) ? result : [])
        .filter(isRecord)
        .find((each) => each['from_name'] === LABEL_STUDIO.from && isRecord(each['value']));
      const choices = answered === undefined ? undefined : (answered['value'] as Record<string, unknown>)['choices'];
      const choice = Array.isArray(choices) ? choices[0] : undefined;
      const person = isRecord(by) ? (by['email'] ?? by['id']) : by;
      return {
        id,
        choice: cancelled === true || typeof choice !== 'string' ? null : choice,
        by: nameOf(person),
        when: timeOf(when),
      };
    });
  });
}

function argillaAnswers(records: readonly Record<string, unknown>[]): Answer[] {
  return records.flatMap(({ id, responses, updated_at: when }, at) => {
    if (typeof id !== 'string')
      throw new VogError('RUN_INVALID', `Record ${at} has no id. Export the records as JSON.`);
    const given = isRecord(responses) ? responses[ARGILLA_QUESTION] : undefined;
    return (Array.isArray(given) ? given : []).filter(isRecord).map((response) => ({
      id,
      choice: response['status'] === 'discarded' || typeof response['value'] !== 'string' ? null : response['value'],
      by: nameOf(response['user_id']),
      when: timeOf(when),
    }));
  });
}

function nameOf(person: unknown): string | undefined {
  return typeof person === 'string' || typeof person === 'number' ? String(person) : undefined;
}
