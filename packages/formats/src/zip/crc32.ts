/** Of each byte, the remainder by the polynomial 0xEDB88320: ISO 3309, as in ZIP and PNG. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The CRC-32 of bytes. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (REMAINDERS[(value ^ byte) & 255] as number);
  return (value ^ 0xffffffff) >>> 0;
}
