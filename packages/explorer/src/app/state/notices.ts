// What people are told: faults in words, and what just happened for those who do not see it.
import { signal } from '@preact/signals';

export const fault = signal<string | null>(null);
/** Read out by screen readers, politely. */
export const said = signal('');

/** Does something whose failure people must hear of. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    const result = await work();
    fault.value = null;
    return result;
  } catch (error) {
    fault.value = error instanceof Error ? error.message : String(error);
    return null;
  }
}
