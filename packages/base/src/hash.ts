/** 64 bits of FNV-1a, as two 32-bit lanes with different offsets, in hex: identity of a label set, not a secret. */
export function hashIntegers(values: Int32Array): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (const value of values) {
    a = Math.imul(a ^ value, 0x01000193);
    b = Math.imul(b ^ (value + 0x7f4a7c15), 0x01000193) ^ (b >>> 15);
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}

/** The same over the characters of strings, with a separator that no string can imitate by its length. */
export function hashStrings(values: readonly string[]): string {
  const codes: number[] = [];
  for (const value of values) {
    codes.push(-1 - value.length);
    for (let i = 0; i < value.length; i++) codes.push(value.charCodeAt(i));
  }
  return hashIntegers(Int32Array.from(codes));
}
