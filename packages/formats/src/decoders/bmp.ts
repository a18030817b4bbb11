import decode from 'decode-bmp';
import { checkImageSize, type DecodedImage } from '../image/image.js';

/** Decodes BMP of 1 to 32 bits a pixel that is not packed. Alpha counts only in files of 32 bits. */
export function decodeBmp(bytes: Uint8Array): DecodedImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 26 && view.getUint32(14, true) >= 40) {
    checkImageSize(Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true)));
  }
  const { data, width, height } = decode(bytes);
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
}
