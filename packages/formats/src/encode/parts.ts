// What an encoder remembers of each column: plain values, so that it can be kept as JSON.
import { isRecord } from '@vogjs/base';

/** A number, date or boolean: less its mean, over its standard deviation. */
export interface ScaledPart {
  readonly kind: 'scaled';
  readonly column: string;
  readonly type: 'number' | 'date' | 'boolean';
  readonly mean: number;
  readonly deviation: number;
  /** Whether values were missing: then a second column says where. The first has the mean there. */
  readonly marksMissing: boolean;
}

/** A category with few levels: a column each; what is missing or was not seen has 0 in all. */
export interface OneHotPart {
  readonly kind: 'one-hot';
  readonly column: string;
  readonly levels: readonly string[];
}

/** A category with many levels: an index each from 1; what is missing or was not seen has 0. */
export interface EmbeddedPart {
  readonly kind: 'embedded';
  readonly column: string;
  readonly levels: readonly string[];
}

/** A text: indices of its words. */
export interface TokensPart {
  readonly kind: 'tokens';
  readonly column: string;
  readonly vocabulary: readonly string[];
  readonly length: number;
}

export type Part = ScaledPart | OneHotPart | EmbeddedPart | TokensPart;

/** The column that is to be learned. */
export interface TargetPart {
  readonly column: string;
  readonly task: 'classification' | 'regression';
  /** Of classification: a class's name as its column writes it. */
  readonly classNames: readonly string[];
  /** Of regression: targets are less this mean, over this deviation. */
  readonly mean: number;
  readonly deviation: number;
}

/** An encoder as JSON. */
export interface TableEncoderJson {
  readonly version: 1;
  readonly parts: readonly Part[];
  readonly target: TargetPart | null;
}

/** Whether a parsed text is a whole encoder of this version. */
export function isEncoderJson(value: unknown): value is TableEncoderJson {
  if (!isRecord(value) || value['version'] !== 1) return false;
  const { parts, target } = value;
  return Array.isArray(parts) && parts.every(isPart) && (target === null || isTarget(target));
}

type Fields = Readonly<Record<string, unknown>>;

const isText = (value: unknown): boolean => typeof value === 'string';
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const areMoments = ({ mean, deviation }: Fields): boolean =>
  Number.isFinite(mean) && Number.isFinite(deviation) && (deviation as number) > 0;

const KINDS: Readonly<Record<Part['kind'], (part: Fields) => boolean>> = {
  scaled: (part) =>
    ['number', 'date', 'boolean'].includes(part['type'] as string) &&
    areMoments(part) &&
    typeof part['marksMissing'] === 'boolean',
  'one-hot': ({ levels }) => areTexts(levels),
  embedded: ({ levels }) => areTexts(levels),
  tokens: ({ vocabulary, length }) => areTexts(vocabulary) && Number.isInteger(length) && (length as number) > 0,
};

function isPart(value: unknown): boolean {
  if (!isRecord(value) || !isText(value['column'])) return false;
  const kind = value['kind'] as Part['kind'];
  return Object.hasOwn(KINDS, kind) && KINDS[kind](value);
}

function isTarget(value: unknown): boolean {
  return (
    isRecord(value) &&
    isText(value['column']) &&
    ['classification', 'regression'].includes(value['task'] as string) &&
    areTexts(value['classNames']) &&
    areMoments(value)
  );
}
