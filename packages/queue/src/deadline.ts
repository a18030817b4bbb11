/** What does not answer in time; what it answers later is dropped. */
class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** The answer, or a `TooLate` after so many milliseconds: clients of a queue wait for ever by themselves. */
export function within<T>(milliseconds: number, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TooLate(`no answer within ${milliseconds / 1000} s`)), milliseconds);
  });
  // It may fail after nobody waits any more.
  asked.catch(() => {});
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** Resolves after so many milliseconds, or as the signal says. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}
