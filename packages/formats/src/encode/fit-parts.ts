import { shown } from '@vogjs/base';
import { firstFew, type ReadingNote } from '../notes/notes.js';
import { type Column, isWords, type NumberColumn, type TextColumn } from '../tables/table.js';
import { momentsOf } from './moments.js';
import type { Part } from './parts.js';
import { vocabularyOf } from './tokens.js';

/** How columns become numbers. */
export interface PartRules {
  readonly oneHot: number;
  readonly vocabulary: number;
  readonly tokens: number;
}

/** What is remembered of each column that says something. */
export function fitParts(
  columns: readonly Column[],
  size: number,
  rules: PartRules,
): { readonly parts: readonly Part[]; readonly notes: readonly ReadingNote[] } {
  const parts: Part[] = [];
  const constant: string[] = [];
  const identifiers: string[] = [];
  for (const column of columns) {
    const part = isWords(column) ? ofWords(column, size, rules) : ofNumbers(column, size);
    if (part === 'constant') constant.push(shown(column.name));
    else if (part === 'identifier') identifiers.push(shown(column.name));
    else parts.push(part);
  }
  const notes: ReadingNote[] = [];
  if (constant.length > 0) {
    notes.push({
      code: 'COLUMN_CONSTANT',
      message: `Columns with the same value in every row are left out: ${firstFew(constant)}.`,
    });
  }
  if (identifiers.length > 0) {
    const message = `Columns in which every value is different, as in ids, are left out: ${firstFew(identifiers)}. If they say something, give their type in columns.`;
    notes.push({ code: 'COLUMN_IDENTIFIER', message });
  }
  return { parts, notes };
}

function ofNumbers(column: NumberColumn, size: number): Part | 'constant' | 'identifier' {
  const { name, type, values, missing } = column;
  const { mean, deviation, count } = momentsOf(column);
  const first = values.find((value) => !Number.isNaN(value));
  const isConstant = count === 0 || values.every((value) => Number.isNaN(value) || value === first);
  if (isConstant && (missing === 0 || missing === size)) return 'constant';
  // Row numbers: 0, 1, 2, … or from any other start.
  const counts = size > 20 && values.every((value, i) => value === (values[0] as number) + i);
  if (counts && type === 'number') return 'identifier';
  return { kind: 'scaled', column: name, type, mean, deviation, marksMissing: missing > 0 };
}

function ofWords({ name, type, values }: TextColumn, size: number, rules: PartRules): Part | 'constant' | 'identifier' {
  if (type === 'text') {
    const vocabulary = vocabularyOf(values, rules.vocabulary);
    return vocabulary.length === 0 ? 'constant' : { kind: 'tokens', column: name, vocabulary, length: rules.tokens };
  }
  const present = values.filter((value) => value !== null);
  const levels = [...new Set(present)].sort();
  if (levels.length === 0 || (levels.length === 1 && present.length === size)) return 'constant';
  if (size > 20 && levels.length === size) return 'identifier';
  return { kind: levels.length <= rules.oneHot ? 'one-hot' : 'embedded', column: name, levels };
}
