import type { TypedArray } from './arrays.js';
import { hashIntegers, hashStrings } from './hash.js';

/**
 * Hash of a header and of named tensors, for a safetensors file: the format has none, and a flipped bit would go
 * unnoticed for ever.
 */
export function checksumOf(
  header: object,
  tensors: Readonly<Record<string, { readonly data: TypedArray; readonly shape: readonly number[] }>>,
): string {
  const parts = Object.keys(tensors)
    .toSorted()
    .map((name) => {
      const { data, shape } = tensors[name] as { data: TypedArray; shape: readonly number[] };
      return [name, shape, data.constructor.name, hashIntegers(wordsOf(data))];
    });
  return hashStrings([JSON.stringify(header), JSON.stringify(parts)]);
}

/** The bytes as 32-bit words, the last padded with zeros: the same words wherever in a buffer the array lies. */
function wordsOf({ buffer, byteOffset, byteLength }: TypedArray): Int32Array {
  if (byteOffset % 4 === 0 && byteLength % 4 === 0) return new Int32Array(buffer, byteOffset, byteLength / 4);
  const padded = new Uint8Array(Math.ceil(byteLength / 4) * 4);
  padded.set(new Uint8Array(buffer, byteOffset, byteLength));
  return new Int32Array(padded.buffer);
}
