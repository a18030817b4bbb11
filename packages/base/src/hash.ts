/**
 * 64 bits of FNV-1a over 32-bit words, as two lanes with different offsets: identity of data, not a secret. Words may
 * come in pieces of any length.
 */
export class IntegerHash {
  private a = 0x811c9dc5;
  private b = 0x9747b28c;

  update(values: Int32Array): this {
    let { a, b } = this;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      a = Math.imul(a ^ value, 0x01000193);
      b = Math.imul(b ^ (value + 0x7f4a7c15), 0x01000193) ^ (b >>> 15);
    }
    this.a = a;
    this.b = b;
    return this;
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    return (this.a >>> 0).toString(16).padStart(8, '0') + (this.b >>> 0).toString(16).padStart(8, '0');
  }
}

/** `IntegerHash` of an array, in hex: identity of a label set, for example. */
export function hashIntegers(values: Int32Array): string {
  return new IntegerHash().update(values).digest();
}

/** The same over the characters of strings, with a separator that no string can imitate by its length. */
export function hashStrings(values: readonly string[]): string {
  const hash = new IntegerHash();
  for (const value of values) {
    const codes = new Int32Array(value.length + 1);
    codes[0] = -1 - value.length;
    for (let i = 0; i < value.length; i++) codes[i + 1] = value.charCodeAt(i);
    hash.update(codes);
  }
  return hash.digest();
}
