const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Units of which a character as people see it may be made here, on average; a family of four is eleven. */
const unitsAtMost = 64;

/**
 * The start of a text for a message, at most `length` characters as people see them: an emoji, a flag or a letter with
 * its accents is never cut in half.
 */
export function excerpt(text: string, length: number): string {
  if (text.length <= length) return text;
  // The segmenter copies what it is given: of a long text it gets the start.
  const start = text.slice(0, unitsAtMost * (length + 1));
  let [end, count] = [0, 0];
  for (const { index } of segmenter.segment(start)) {
    end = index;
    if (count++ === length) return `${text.slice(0, end)}…`;
  }
  return start.length === text.length ? text : `${text.slice(0, end)}…`;
}
