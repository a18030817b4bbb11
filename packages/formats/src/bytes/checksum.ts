import { bytesOf, elementTypeOf, type ElementType, typedArrayName, type TypedArray } from './arrays.js';
import { hashStrings, IntegerHash } from '@vogjs/base';

/** A tensor as a checksum sees it: its name, shape, element type, and the hash of its bytes. */
export interface HashedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  /** `DataHash.digest()` of its bytes. */
  readonly hash: string;
}

/** Hash of bytes that come in pieces of any length: that of the whole, however it was cut. */
export class DataHash {
  private readonly words = new IntegerHash();
  /** Bytes of a word that is not complete yet. */
  private readonly rest = new Uint8Array(4);
  private held = 0;

  update(bytes: Uint8Array): this {
    let start = 0;
    while (this.held > 0 && start < bytes.length) start = this.hold(bytes, start);
    const whole = start + Math.floor((bytes.length - start) / 4) * 4;
    if (whole > start) this.words.update(wordsOf(bytes, start, whole));
    for (let at = whole; at < bytes.length;) at = this.hold(bytes, at);
    return this;
  }

  /** The last word is padded with zeros. Call it once, at the end. */
  digest(): string {
    while (this.held > 0) this.hold(new Uint8Array(1), 0);
    return this.words.digest();
  }

  private hold(bytes: Uint8Array, at: number): number {
    this.rest[this.held++] = bytes[at]!;
    if (this.held === 4) {
      this.words.update(new Int32Array(this.rest.buffer));
      this.held = 0;
    }
    return at + 1;
  }
}

/**
 * Hash of a header and of named tensors, for a safetensors file: the format has none, and a flipped bit would go
 * unnoticed for ever.
 */
export function checksumOf(
  header: object,
  tensors: Readonly<Record<string, { readonly data: TypedArray; readonly shape: readonly number[] }>>,
): string {
  return checksumOfHashes(
    header,
    Object.entries(tensors).map(([name, { data, shape }]) => ({
      name,
      shape,
      type: elementTypeOf(data),
      hash: new DataHash().update(bytesOf(data)).digest(),
    })),
  );
}

/** `checksumOf` for tensors whose bytes were hashed one after the other, and need not be in memory together. */
export function checksumOfHashes(header: object, tensors: readonly HashedTensor[]): string {
  const parts = tensors
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, shape, type, hash }) => [name, shape, typedArrayName(type), hash]);
  return hashStrings([JSON.stringify(header), JSON.stringify(parts)]);
}

/** Whole 32-bit words of bytes, wherever in a buffer they lie: a view where the address is aligned. */
function wordsOf(bytes: Uint8Array, start: number, end: number): Int32Array {
  const address = bytes.byteOffset + start;
  if (address % 4 === 0) return new Int32Array(bytes.buffer, address, (end - start) / 4);
  return new Int32Array(new Uint8Array(bytes.subarray(start, end)).buffer);
}
