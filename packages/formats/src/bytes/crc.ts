/** Checksums of 32 bits by a polynomial, its bits reversed: each byte's remainder is worked out once. */
export function crcOf(polynomial: number): (bytes: Uint8Array) => number {
  const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
  return (bytes) => {
    let value = 0xffffffff;
    for (const byte of bytes) value = (value >>> 8) ^ (remainders[(value ^ byte) & 255] as number);
    return (value ^ 0xffffffff) >>> 0;
  };
}
