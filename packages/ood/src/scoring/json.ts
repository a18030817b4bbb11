import { checkOf } from '@vogjs/base';

/** What JSON keeps as it is. */
export const json = checkOf('plain JSON', (value) => {
  try {
    return JSON.stringify(JSON.parse(JSON.stringify(value))) === JSON.stringify(value) && isFiniteDeep(value);
  } catch {
    return false;
  }
});

/** JSON writes NaN and what is no value as null, in silence. */
function isFiniteDeep(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' || typeof value === 'boolean' || value === null;
  return Object.getPrototypeOf(value) === Object.prototype || Array.isArray(value)
    ? Object.values(value).every(isFiniteDeep)
    : false;
}
