// The door to the float64 process.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Case } from './generate.js';
import type { Reference } from './reference.js';

type Reply = { readonly id: number; readonly reference?: Reference; readonly error?: string };

export class FloatOracle {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  readonly #known = new WeakMap<Case, Promise<Reference | string>>();
  #next = 0;
  #ended: string | null = null;

  constructor() {
    const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
    this.#child = fork(path('reference-process.ts'), {
      execArgv: [...process.execArgv, '--import', new URL('float64.mjs', import.meta.url).href],
      // NaN and Infinity do not survive JSON.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (reply: Reply) => {
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
    this.#child.on('exit', (code, signal) => {
      this.#ended = `the float64 process ended (${signal ?? code})`;
      for (const [id, answer] of this.#waiting) answer({ id, error: this.#ended });
    });
  }

  /** The reference, or why the network itself cannot be run. Computed once for a case, whatever backends ask. */
  reference(example: Case): Promise<Reference | string> {
    const known = this.#known.get(example) ?? this.#ask(example);
    this.#known.set(example, known);
    return known;
  }

  #ask(example: Case): Promise<Reference | string> {
    if (this.#ended !== null) throw new Error(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ reference, error }) => {
        if (this.#ended !== null) reject(new Error(this.#ended));
        else resolve(reference ?? error ?? 'no answer');
      });
      this.#child.send({ id, example });
    });
  }

  close(): void {
    this.#child.disconnect();
  }
}
