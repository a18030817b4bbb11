import { VogError } from '@vogjs/base';

/** Whether the bytes start as a gzip stream does (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Decompresses a gzip stream, in Node and in a browser. Throws `FORMAT_TRUNCATED` and `FORMAT_INVALID`. */
export async function decompressGzip(bytes: Uint8Array): Promise<Uint8Array> {
  // A Blob takes no view over shared memory, so the compressed bytes are copied.
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    // Node says which of the two it is; a browser does not.
    const truncated = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
    throw new VogError(
      truncated ? 'FORMAT_TRUNCATED' : 'FORMAT_INVALID',
      `The gzip stream of ${bytes.length} bytes ${truncated ? 'was cut short' : 'is damaged'}. Download the file again.`,
      { cause: error },
    );
  }
}
