/** Far more levels than any of our files has; far fewer than end the stack of JSON.stringify or of a comparison. */
const DEEPEST = 64;

/**
 * `JSON.parse` for a file's text: refuses deeper nesting than our files have, on which recursive code would end its
 * stack. An object's key `__proto__` stays an ordinary key, as in `JSON.parse`.
 *
 * @throws SyntaxError, for the reader to wrap in a coded error of its own
 */
export function parseJson(text: string): unknown {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) {
      at = endOfString(text, at);
    } else if (character === OPEN_BRACE || character === OPEN_BRACKET) {
      if (++depth > DEEPEST) throw new SyntaxError(`it nests deeper than ${DEEPEST} levels, at character ${at}`);
    } else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
      depth--;
    }
  }
  return JSON.parse(text);
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Index of the quote that ends the string that starts at `start`; the text's length where none does. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** Whether a value of a parsed text is an object with keys: no list, no null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
