import { crcOf } from '../bytes/crc.js';

/** The CRC-32C of bytes, by Castagnoli's polynomial: RFC 3720, appendix B.4. */
export const crc32c = crcOf(0x82f63b78);

/** As records have it: turned and shifted, since a checksum of data that holds its own checksums tells little. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const value = crc32c(bytes);
  return (((value >>> 15) | (value << 17)) + 0xa282ead8) >>> 0;
}
