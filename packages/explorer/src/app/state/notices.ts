// What people are told: faults in words, and what just happened for those who do not see it.
import { signal } from '@preact/signals';

/** By what was attempted; a fault goes when the same succeeds. */
export const faults = signal<ReadonlyMap<string, string>>(new Map());
/** Read out by screen readers, politely. */
export const said = signal('');

/** Does something whose failure people must hear of. @returns null where it failed */
export async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | null> {
  try {
    const result = await work();
    tell(what, null);
    return result;
  } catch (error) {
    tell(what, error instanceof Error ? error.message : String(error));
    return null;
  }
}

function tell(what: string, fault: string | null): void {
  if ((faults.value.get(what) ?? null) === fault) return;
  const next = new Map(faults.value);
  if (fault === null) next.delete(what);
  else next.set(what, fault);
  faults.value = next;
}
