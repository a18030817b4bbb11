/** How long a store is waited for, and how often it is asked; tests have shorter waits. */
export interface Waits {
  /** Times that a request is sent in all. */
  readonly attempts: number;
  /** Milliseconds before the second time, at most; then twice as many. */
  readonly rest: number;
  /** Milliseconds between two times, at most. */
  readonly longestRest: number;
  /** Milliseconds in which an answer begins and ends, beside what its bytes take. */
  readonly answer: number;
  /** Bytes a second: a transfer that is slower is given up and tried again. */
  readonly slowest: number;
}

/** About a minute and a half of a store that is away, and ten minutes of one that never answers. */
export const WAITS: Waits = { attempts: 8, rest: 1000, longestRest: 30_000, answer: 60_000, slowest: 100_000 };

/** Milliseconds that a request with so many bytes, there and back, may take. */
export function limitOf({ answer, slowest }: Waits, bytes: number): number {
  return Math.ceil(answer + (1000 * bytes) / slowest);
}

/** Waits before the next time: at random, so that many workers do not come back at once; longer where the store says so. */
export async function rest({ rest: first, longestRest }: Waits, attempt: number, asked: string | null): Promise<void> {
  const most = Math.min(longestRest, first * 2 ** attempt);
  const told = /^\d{1,6}$/.test(asked ?? '') ? Math.min(longestRest, 1000 * Number(asked)) : 0;
  const milliseconds = Math.max(told, most * (0.5 + Math.random() / 2));
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
