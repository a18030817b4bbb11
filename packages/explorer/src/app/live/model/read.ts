// Events come from a file that anybody may have written: what is not as expected reads as nothing.
import { isRecord } from '@vogjs/base';

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

/** Those of the values that are finite numbers, by name. */
export function numbersOf(values: unknown): Record<string, number> {
  if (!isRecord(values)) return {};
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'number' && Number.isFinite(value) ? [[name, value]] : [],
    ),
  );
}
