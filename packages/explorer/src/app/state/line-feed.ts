// Lines of a training's events as they come; they are read when a live view is opened.
import { signal } from '@preact/signals';

export class LineFeed {
  /** Grows with each line, and with each beginning anew. */
  readonly version = signal(0);
  /** How often it began anew: what was read before is another story. */
  readonly beginnings = signal(0);
  /** Whether there is anything to see. */
  readonly hasLines = signal(false);
  #lines: string[] = [];

  from(count: number): readonly string[] {
    return this.#lines.slice(count);
  }

  /** Another training is followed from its beginning, or what is followed began anew. */
  begin(): void {
    this.#lines = [];
    this.hasLines.value = false;
    this.beginnings.value++;
    this.version.value++;
  }

  take(line: string): void {
    this.#lines.push(line);
    this.hasLines.value = true;
    this.version.value++;
  }
}
