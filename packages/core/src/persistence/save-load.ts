import { VogError } from '@vogjs/base';
import { type ByteSink, type ByteSource, replaceFile, sourceOfBytes, withFile } from '@vogjs/formats/files';

/** Has `write` fill a file, which is replaced atomically, or a sink. */
export async function saveTo(target: string | ByteSink, write: (sink: ByteSink) => Promise<void>): Promise<void> {
  if (typeof target !== 'string' && typeof target?.write !== 'function') {
    throw new VogError(
      'ARGUMENT_INVALID',
      `save takes the path of a file, or a sink { write(position, bytes) }; got ${target === null ? 'null' : typeof target}.`,
    );
  }
  await (typeof target === 'string' ? replaceFile(target, write) : write(target));
}

/** Has `read` read a file, bytes or a source. */
export function loadFrom<T>(
  saved: string | Uint8Array | ByteSource,
  read: (source: ByteSource) => Promise<T>,
): Promise<T> {
  return typeof saved === 'string' ? withFile(saved, read) : read(sourceOf(saved));
}

function sourceOf(saved: Uint8Array | ByteSource): ByteSource {
  if (saved instanceof Uint8Array) return sourceOfBytes(saved);
  if (typeof saved?.read === 'function' && Number.isSafeInteger(saved.size) && saved.size >= 0) return saved;
  throw new VogError(
    'ARGUMENT_INVALID',
    `load takes the path of a file, bytes in a Uint8Array, or a source { size, read(position, into) }; got ` +
      `${saved === null ? 'null' : (saved as unknown) instanceof ArrayBuffer ? 'an ArrayBuffer: wrap it, new Uint8Array(buffer)' : typeof saved}.`,
  );
}
