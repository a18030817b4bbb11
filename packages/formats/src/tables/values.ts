// How a cell of text is read as a number, a date or a truth.

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DATE =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;
/** Day first, with dots: no other order is written so. */
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const TRUTHS = new Map([
  ['true', 1],
  ['false', 0],
  ['yes', 1],
  ['no', 0],
]);

/** The number that a cell says; null for none. Digits that begin with 0, such as postcodes, are a code and no number. */
export function numberOf(cell: string, decimal: '.' | ','): number | null {
  const text = decimal === ',' ? cell.replace(',', '.') : cell;
  if (!NUMBER.test(text) || /^[+-]?0\d/.test(text)) return null;
  const value = Number(text);
  // Above this, neighbouring whole numbers are one: it names something.
  const isExact = /[.e]/i.test(text) || Number.isSafeInteger(value);
  return Number.isFinite(value) && isExact ? value : null;
}

/** Milliseconds since 1970 of a date in ISO 8601 (UTC where no zone is said), or day.month.year; null for none. */
export function dateOf(cell: string): number | null {
  const dotted = DOTTED.exec(cell);
  if (dotted !== null) return timeOf(Number(dotted[3]), Number(dotted[2]), Number(dotted[1]));
  const found = DATE.exec(cell);
  if (found === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone = 'Z'] = found;
  const start = timeOf(Number(year), Number(month), Number(day));
  if (start === null || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return null;
  const clock =
    ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Math.round(Number(`0.${fraction}`) * 1000);
  const offset = zone === 'Z' ? 0 : Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  return start + clock - offset * 60_000;
}

function timeOf(year: number, month: number, day: number): number | null {
  const time = new Date(Date.UTC(2000, month - 1, day));
  time.setUTCFullYear(year, month - 1, day);
  return time.getUTCMonth() === month - 1 && time.getUTCDate() === day ? time.getTime() : null;
}

/** 1 or 0 for true, false, yes and no in any case; null for anything else. */
export function truthOf(cell: string): number | null {
  return TRUTHS.get(cell.toLowerCase()) ?? null;
}
