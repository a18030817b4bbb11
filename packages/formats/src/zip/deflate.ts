// Deflate by what Node and browsers have; Node 20.12 and newer know the bare form.

/** Inflates bytes that are `size` long when unpacked; null where they are damaged or of another length. */
export async function inflate(bytes: Uint8Array, size: number): Promise<Uint8Array | null> {
  const out = new Uint8Array(size);
  let length = 0;
  const reader = through(bytes, new DecompressionStream('deflate-raw')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return length === size ? out : null;
      // No more is unpacked than was promised.
      if (length + value.length > size) return null;
      out.set(value, length);
      length += value.length;
    }
  } catch {
    return null;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Deflates bytes. */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await new Response(through(bytes, new CompressionStream('deflate-raw'))).arrayBuffer());
}

function through(bytes: Uint8Array, transform: CompressionStream | DecompressionStream): ReadableStream<Uint8Array> {
  // A Blob takes no view over shared memory, so the bytes are copied.
  return new Blob([new Uint8Array(bytes)]).stream().pipeThrough(transform as never);
}
