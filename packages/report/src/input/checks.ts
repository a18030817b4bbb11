import { VogError } from '@vogjs/core';

/** Refuses what is no object. */
export function requireObject(name: string, value: unknown, expected: string): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new VogError('ARGUMENT_INVALID', `${name} is ${shown(value)}; it must be ${expected}.`);
}

export function checkTitle(where: string, title: string): void {
  if (typeof title === 'string') return;
  throw new VogError('ARGUMENT_INVALID', `${where}: title is ${shown(title)}; the page needs a title, a string.`);
}

/** Refuses lists that do not have one entry for each example. */
export function checkLengths(
  size: number,
  lists: Readonly<Record<string, ArrayLike<unknown> | null | undefined>>,
): void {
  for (const [name, entries] of Object.entries(lists)) {
    if (entries === null || entries === undefined || entries.length === size) continue;
    throw new VogError(
      'PROBE_MISMATCH',
      `${name} has ${entries.length} entries and there are ${size} scores; a report needs one per example, in the same order.`,
    );
  }
}

/** Refuses what is not a class index, counted from 0. */
export function checkClasses(name: string, labels: ArrayLike<number>): void {
  for (let example = 0; example < labels.length; example++) {
    const label: unknown = labels[example];
    if (Number.isSafeInteger(label) && (label as number) >= 0) continue;
    throw new VogError(
      'LABEL_INVALID',
      `${name}[${example}] is ${shown(label)}; each must be the index of a class, counted from 0.`,
    );
  }
}

/** A value as an error names it. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : (JSON.stringify(value) ?? String(value));
}
