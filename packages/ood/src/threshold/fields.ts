import { shown, VogError } from '@vogjs/base';

/** Refuses a field of a threshold that is not as expected. */
export function requireField(name: string, value: unknown, valid: boolean, expected: string): void {
  if (valid) return;
  throw new VogError(
    'STATE_INVALID',
    `The threshold's ${name} is ${shown(value)}; it must be ${expected}. Calibrate it again.`,
  );
}
