import { checkOptions, oneOf, text } from '@vogjs/base';
import type { Run } from '../open/open-run.js';
import { reviewRun } from '../review-run/review-run.js';
import type { Review } from '../reviews/reviews.js';
import { ANSWER_FORMATS, type AnswerFormat, readAnswers } from './answers.js';
import { answerFormatOf } from './format-of.js';

export interface ImportOptions {
  /** Whose file it is; default by what is in it. */
  readonly from?: AnswerFormat;
  /** Who answered, where the file does not say. */
  readonly by?: string;
}

/** What an import came to. */
export interface Imported {
  readonly from: AnswerFormat;
  /** Answers that are in the run now. */
  readonly taken: readonly Review[];
  /** Answers that were in it before. */
  readonly known: number;
  /** Answers about examples that somebody decided later: what was decided stands. */
  readonly older: number;
}

/**
 * Takes people's answers into a run, oldest first, and writes `corrections.csv` anew. All or none of a file is taken; the
 * same file twice changes nothing.
 *
 * @param file the bytes, as for `readAnswers`
 * @throws VogError those of `readAnswers`; RUN_INVALID for a file of no known kind
 */
export async function importAnswers(run: Run, file: Uint8Array, options: ImportOptions = {}): Promise<Imported> {
  checkOptions('importAnswers', options, { from: oneOf(...ANSWER_FORMATS), by: text });
  const { by, from = answerFormatOf(file) } = options;
  const answers = (await readAnswers(run, from, file)).map((each) =>
    each.by === undefined && by !== undefined ? { ...each, by } : each,
  );
  const { lines, standing } = await run.reviews();
  const had = new Set([...lines.map(lineKey), ...Array.from(standing.values(), decisionKey)]);
  const latest = new Map<string, number>();
  for (const { id, decision, when } of lines) {
    if (decision === 'skip') continue;
    latest.set(String(id), Math.max(latest.get(String(id)) ?? Number.NEGATIVE_INFINITY, Date.parse(when)));
  }
  const fresh = answers.filter((each) => !had.has(lineKey(each)) && !had.has(decisionKey(each)));
  const isLate = ({ id, when }: Review): boolean => Date.parse(when) < (latest.get(String(id)) ?? -Infinity);
  const taken = fresh.filter((each) => !isLate(each)).toSorted((a, b) => Date.parse(a.when) - Date.parse(b.when));
  const reviewer = await reviewRun(run);
  await reviewer.decideAll(taken);
  await reviewer.writeCorrections();
  return { from, taken, known: answers.length - fresh.length, older: fresh.length - taken.length };
}

/** What a person says of an example, whenever it was. */
function decisionKey({ id, decision, label, by }: Review): string {
  return JSON.stringify([String(id), decision, label, by]);
}

/** The very answer. */
function lineKey(review: Review): string {
  return `${decisionKey(review)} ${Date.parse(review.when)}`;
}
