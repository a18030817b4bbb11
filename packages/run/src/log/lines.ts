import { parseJson, VogError } from '@vogjs/base';
import type { RunStorage } from '../storage/storage.js';

/** Lines of JSON as read: those that are whole, and how many are not. */
export interface Lines {
  readonly values: readonly unknown[];
  /** Lines that a crash, or a full disk, left in part. */
  readonly torn: number;
}

/** Reads a file of JSON lines; none where there is no such file. */
export async function readLines(storage: RunStorage, name: string): Promise<Lines> {
  if ((await storage.size(name)) === null) return { values: [], torn: 0 };
  const values: unknown[] = [];
  let torn = 0;
  for (const line of new TextDecoder().decode(await storage.read(name)).split('\n')) {
    if (line === '') continue;
    try {
      values.push(parseJson(line));
    } catch {
      torn++;
    }
  }
  return { values, torn };
}

/** Adds lines to a file, one after the other, on the disk before their promise resolves. */
export class LineWriter {
  readonly #storage: RunStorage;
  readonly #name: string;
  #turn: Promise<void> = Promise.resolve();
  #begun = false;

  constructor(storage: RunStorage, name: string) {
    this.#storage = storage;
    this.#name = name;
  }

  add(values: readonly unknown[]): Promise<void> {
    const lines = values.map((value) => JSON.stringify(value) as string | undefined);
    if (lines.includes(undefined)) throw new VogError('ARGUMENT_INVALID', `A line of ${this.#name} must be JSON.`);
    const added = this.#after(this.#turn, lines.join('\n'));
    // The next line has its turn whatever became of this one.
    this.#turn = added.catch(() => {
      this.#begun = false;
    });
    return added;
  }

  async #after(turn: Promise<void>, lines: string): Promise<void> {
    await turn;
    // A line that a crash left in part must not swallow this one.
    const prefix = !this.#begun && (await this.#endsInMidLine()) ? '\n' : '';
    await this.#storage.append(this.#name, new TextEncoder().encode(`${prefix}${lines}\n`));
    this.#begun = true;
  }

  async #endsInMidLine(): Promise<boolean> {
    const size = await this.#storage.size(this.#name);
    if (size === null || size === 0) return false;
    const [last] = await this.#storage.read(this.#name, { start: size - 1, end: size });
    return last !== 0x0a;
  }
}
