// Lines of the run's events as they come; they are read when the live view is opened.
import { signal } from '@preact/signals';
import type { ServerEvent } from '../client/server-events.js';

let lines: string[] = [];
/** Grows with each line, and with each beginning anew. */
export const version = signal(0);
/** How often it began anew: what was read before is another story. */
export const beginnings = signal(0);
/** Whether there is anything to see. */
export const hasLines = signal(false);

export const linesFrom = (from: number): readonly string[] => lines.slice(from);

/** A run is followed from its beginning: another run, or its file began anew. */
export function begin(): void {
  lines = [];
  hasLines.value = false;
  beginnings.value++;
  version.value++;
}

export function take({ type, data }: ServerEvent): void {
  if (type === 'restart') begin();
  if (type !== 'message') return;
  lines.push(data);
  hasLines.value = true;
  version.value++;
}
