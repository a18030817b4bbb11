import process from 'node:process';

/** Where news go: a terminal has a line that changes, anything else some lines. */
export type NewsStream = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean | undefined };

/** What is told of one fetch. */
export interface FetchNews {
  /** Of so many bytes more. */
  readonly got: (bytes: number) => void;
  readonly end: () => void;
}

/** Milliseconds that a fetch may take in silence, and between two lines of a log and of a terminal. */
const WAITS = { first: 1000, log: 10_000, terminal: 200 };
const CLEAR = '\r\u001B[K';

/**
 * Says what is fetched and how far it is, where it takes a while.
 *
 * @param what its address
 * @param stream standard error unless told; null says nothing
 */
export function fetchNews(
  what: string,
  { files, bytes }: { readonly files: number; readonly bytes: number },
  stream: NewsStream | null,
  waits = WAITS,
): FetchNews {
  if (stream === null) return { got: () => {}, end: () => {} };
  const isTerminal = stream.isTTY === true;
  const begun = performance.now();
  let done = 0;
  let told = begun + waits.first - (isTerminal ? waits.terminal : waits.log);
  let isTold = false;
  const write = (line: string): void => void stream.write(isTerminal ? `${CLEAR}${line}` : `${line}\n`);
  return {
    got(more) {
      done += more;
      const now = performance.now();
      if (now - told < (isTerminal ? waits.terminal : waits.log)) return;
      told = now;
      isTold = true;
      const rate = done / ((now - begun) / 1000);
      const left = Math.ceil((bytes - done) / rate);
      const count = files === 1 ? '' : ` in ${files} files`;
      write(
        `Fetching ${what}: ${Math.floor((100 * done) / Math.max(1, bytes))} % of ${sizeOf(bytes)}${count}, ${left} s left`,
      );
    },
    end() {
      if (isTold) stream.write(isTerminal ? CLEAR : `Fetched ${what}: ${sizeOf(done)}\n`);
    },
  };
}

/** Standard error, or silence where the output is for a program. */
export const newsOf = (json: boolean): NewsStream | null => (json ? null : process.stderr);

function sizeOf(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
