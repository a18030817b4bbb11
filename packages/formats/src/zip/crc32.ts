import { crcOf } from '../bytes/crc.js';

/** The CRC-32 of bytes: ISO 3309, as in ZIP and PNG. */
export const crc32 = crcOf(0xedb88320);
