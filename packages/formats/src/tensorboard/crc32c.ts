/** Of each byte, the remainder by Castagnoli's polynomial, 0x82F63B78: RFC 3720, appendix B.4. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** The CRC-32C of bytes. */
export function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (REMAINDERS[(value ^ byte) & 255] as number);
  return (value ^ 0xffffffff) >>> 0;
}

/** As records have it: turned and shifted, since a checksum of data that holds its own checksums tells little. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const value = crc32c(bytes);
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}
