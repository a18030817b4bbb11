import { parseJson } from '@vogjs/base';
import type { RunStorage } from '@vogjs/run';

/** A line of a file that grows, and where it ends: so a client can say up to where it has read. */
export interface TailedLine {
  /** Bytes of the file up to the end of this line. */
  readonly end: number;
  /** The line's JSON, written anew: one line whatever was in the file. */
  readonly data: string;
}

const NEWLINE = 0x0a;
/** Read at once; a longer line than this is skipped. */
const PIECE = 2 ** 20;

/** Reads the whole lines of a JSON lines file from `start` on; what is not JSON is skipped, an unfinished line is left. */
export async function readTail(
  storage: RunStorage,
  name: string,
  start: number,
): Promise<{ readonly lines: TailedLine[]; readonly end: number }> {
  const size = (await storage.size(name)) ?? 0;
  const lines: TailedLine[] = [];
  let end = start;
  while (end < size) {
    const bytes = await storage.read(name, { start: end, end: Math.min(size, end + PIECE) });
    const last = bytes.lastIndexOf(NEWLINE);
    if (last === -1) {
      // Either somebody is writing it just now, or it is no line of ours.
      if (bytes.length < PIECE) break;
      end += bytes.length;
      continue;
    }
    let from = 0;
    while (from <= last) {
      const to = bytes.indexOf(NEWLINE, from);
      const data = rewritten(new TextDecoder().decode(bytes.subarray(from, to)));
      if (data !== null) lines.push({ end: end + to + 1, data });
      from = to + 1;
    }
    end += last + 1;
  }
  return { lines, end };
}

function rewritten(line: string): string | null {
  try {
    return JSON.stringify(parseJson(line));
  } catch {
    return null;
  }
}
