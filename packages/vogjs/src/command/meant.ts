import { editDistance, nearestName } from '@vogjs/base';

/** The name that was probably meant, as a sentence with a space before it; nothing where none is near. */
export function meantBy(typed: string, names: readonly string[]): string {
  const near = nearestName(typed, names);
  const length = typed.replace(/^-+/, '').length;
  return near !== null && editDistance(typed, near) <= length / 2 ? ` Did you mean ${near}?` : '';
}
