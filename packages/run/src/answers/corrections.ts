import { isRecord, parseJson, shown, VogError } from '@vogjs/base';
import { type Correction, decodeCorrections } from '../reviews/corrections.js';
import { checkReview, type Review } from '../reviews/reviews.js';
import { type Judged, labelOf, timeOf } from './judged.js';

/**
 * Corrections as reviews: a CSV with the columns of `corrections.csv`, or JSON lines of objects with these keys. A label
 * that was corrected in the data since is confirmed.
 *
 * @throws VogError RUN_INVALID, IDS_UNKNOWN, LABEL_INVALID
 */
export function correctionAnswers(judged: Judged, text: string): Review[] {
  const rows = text.trimStart().startsWith('{') ? linesOf(text).map(correctionOf) : decodeCorrections(text);
  return rows.map((row) => {
    const at = judged.positionOf(row.id);
    const { given, corrected, decision, when } = row;
    const is = judged.nameAt(at);
    if (given !== is && (decision !== 'relabel' || corrected !== is)) {
      throw new VogError(
        'LABEL_INVALID',
        `The corrections say that ${shown(row.id)} had the label ${shown(given)}, and the run has ${shown(is)}. ` +
          'Give corrections of this data.',
      );
    }
    const review = { id: judged.ids[at] as string | number, when: timeOf(when) };
    if (decision !== 'relabel') return { ...review, decision };
    const label = labelOf(judged, row.id, corrected);
    return label === judged.labels?.[at] ? { ...review, decision: 'confirm' } : { ...review, decision, label };
  });
}

/**
 * The `reviews.jsonl` of a copy of the run.
 *
 * @throws VogError RUN_INVALID, IDS_UNKNOWN
 */
export function reviewAnswers(judged: Judged, text: string): Review[] {
  const classes = judged.classNames?.length ?? null;
  return linesOf(text).map((line, at) => {
    try {
      const review = checkReview(line, classes);
      return { ...review, id: judged.ids[judged.positionOf(String(review.id))] as string | number };
    } catch (error) {
      if (error instanceof VogError && error.code === 'IDS_UNKNOWN') throw error;
      throw new VogError('RUN_INVALID', `Line ${at + 1}: ${(error as Error).message}`, { cause: error });
    }
  });
}

function linesOf(text: string): unknown[] {
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    try {
      return [parseJson(line)];
    } catch (error) {
      throw new VogError('RUN_INVALID', `Line ${at + 1} is not JSON. Mend the file, or leave the line out.`, {
        cause: error,
      });
    }
  });
}

function correctionOf(line: unknown, at: number): Correction {
  const { id, given = '', corrected, decision, when = '' } = isRecord(line) ? line : {};
  const isId = typeof id === 'string' || typeof id === 'number';
  if (!isId || (decision !== 'relabel' && decision !== 'exclude' && decision !== 'confirm')) {
    const wanted = 'id, given, corrected and decision, which is relabel, exclude or confirm';
    throw new VogError('RUN_INVALID', `Line ${at + 1} is not a correction: expected an object with ${wanted}.`);
  }
  return { id: String(id), given: String(given), corrected: String(corrected ?? given), decision, when: String(when) };
}
