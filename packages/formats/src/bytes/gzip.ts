import { VogError } from '@vogjs/base';

/** Whether the bytes start as a gzip stream does (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Deflate's greatest expansion, 1,032 to 1: 258 bytes of two bits (RFC 1951, section 3.2.5). */
const MOST_EXPANSION = 1032;
const FIRST_CAPACITY = 2 ** 16;

/**
 * Decompresses a gzip stream that says at its beginning how long it is, in Node and in a browser. Nothing is inflated
 * beyond what it says, and no memory is taken before there are bytes to fill it.
 *
 * @param lengthOf the whole length in bytes, told from the first bytes; null while these are too few. It may throw.
 * @returns the bytes, as many as promised, or fewer where the stream ends early
 * @throws VogError FORMAT_TRUNCATED (a stream cut short, or too short for what it promises), FORMAT_INVALID (a damaged
 * one, or one that goes on after what it promised)
 */
export async function decompressGzip(
  bytes: Uint8Array,
  lengthOf: (start: Uint8Array) => number | null,
): Promise<Uint8Array> {
  let held = new Uint8Array(0);
  let length = 0;
  let promised: number | null = null;
  for await (const part of piecesOf(bytes)) {
    held = withRoom(held, length, length + part.length, promised);
    held.set(part, length);
    length += part.length;
    promised ??= lengthOf(held.subarray(0, length));
    if (promised !== null) checkPromise(bytes.length, length, promised);
  }
  return held.subarray(0, length);
}

/** The array, or a larger copy: twice as large each time, but no larger than what was promised. */
function withRoom(
  held: Uint8Array<ArrayBuffer>,
  used: number,
  needed: number,
  promised: number | null,
): Uint8Array<ArrayBuffer> {
  if (needed <= held.length) return held;
  const doubled = Math.max(FIRST_CAPACITY, 2 * held.length);
  const larger = new Uint8Array(Math.max(needed, Math.min(doubled, promised ?? doubled)));
  larger.set(held.subarray(0, used));
  return larger;
}

function checkPromise(packed: number, length: number, promised: number): void {
  if (length > promised) {
    throw new VogError(
      'FORMAT_INVALID',
      `The gzip stream goes on after its array, which ends at byte ${promised} when decompressed. Expected none: download ` +
        'the file again.',
    );
  }
  if (promised > packed * MOST_EXPANSION) {
    throw new VogError(
      'FORMAT_TRUNCATED',
      `The header promises ${promised} bytes, more than a gzip stream of ${packed} bytes can hold. Download the file again.`,
    );
  }
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  // A Blob takes no view over shared memory, so the compressed bytes are copied.
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw broken(bytes.length, error);
      });
      if (done) return;
      yield value;
    }
  } finally {
    // A reader who stops early leaves nothing running. What failed already fails again here, and is known.
    await reader.cancel().catch(() => {});
  }
}

function broken(length: number, error: unknown): VogError {
  // Node says which of the two it is; a browser does not.
  const truncated = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
  return new VogError(
    truncated ? 'FORMAT_TRUNCATED' : 'FORMAT_INVALID',
    `The gzip stream of ${length} bytes ${truncated ? 'was cut short' : 'is damaged'}. Download the file again.`,
    { cause: error },
  );
}
