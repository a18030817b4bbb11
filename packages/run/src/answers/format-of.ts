import { isRecord, parseJson, VogError } from '@vogjs/base';
import type { AnswerFormat } from './answers.js';

/**
 * Whose answers a file holds, by what is in it.
 *
 * @throws VogError RUN_INVALID where that cannot be told
 */
export function answerFormatOf(file: Uint8Array): AnswerFormat {
  const text = new TextDecoder().decode(file).trimStart();
  const invalid = (why: string): VogError =>
    new VogError(
      'RUN_INVALID',
      `The file holds no answers: ${why}. Give the JSON export of Label Studio or Argilla, a corrections.csv, or a reviews.jsonl.`,
    );
  if (text === '') throw invalid('it is empty');
  if (text.startsWith('[')) {
    const list = json(text);
    if (!Array.isArray(list)) throw invalid('it begins like a JSON list, but is not one');
    const [first] = list as unknown[];
    if (isRecord(first) && 'annotations' in first) return 'label-studio';
    if (isRecord(first) && 'responses' in first) return 'argilla';
    throw invalid(list.length === 0 ? 'the list is empty' : 'its objects have neither annotations nor responses');
  }
  if (!text.startsWith('{')) return 'corrections';
  const first = json(text.split('\n', 1)[0] as string);
  if (!isRecord(first) || !('decision' in first)) throw invalid('its first line is not an object with a decision');
  return 'corrected' in first || 'given' in first ? 'corrections' : 'reviews';
}

function json(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
