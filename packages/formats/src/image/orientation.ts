// Cameras store pictures as the sensor saw them, and say in EXIF how to turn them.
// Source: CIPA DC-008 (Exif 2.32), tag 0x0112.
import type { DecodedImage } from './image.js';
import type { ImageKind } from './kind.js';

const ORIENTATION = 0x0112;

/** How a picture is to be turned, 1 to 8, by its EXIF data; 1 where there is none, or none that can be read. */
export function orientationOf(bytes: Uint8Array, kind: ImageKind): number {
  const exif = kind === 'jpeg' ? ofJpeg(bytes) : kind === 'png' ? ofPng(bytes) : kind === 'webp' ? ofWebp(bytes) : null;
  return exif === null ? 1 : readTag(exif);
}

/** The picture as it is meant to be seen. */
export function orient(image: DecodedImage, orientation: number): DecodedImage {
  if (orientation <= 1 || orientation > 8) return image;
  const { data, width, height, channels } = image;
  const swaps = orientation >= 5;
  const [w, h] = swaps ? [height, width] : [width, height];
  const mirrorsColumns = [2, 3, 7, 8].includes(orientation);
  const mirrorsRows = [3, 4, 6, 7].includes(orientation);
  const out = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      // Column and row in the stored picture.
      const u = swaps ? y : x;
      const v = swaps ? x : y;
      const column = mirrorsColumns ? width - 1 - u : u;
      const row = mirrorsRows ? height - 1 - v : v;
      const from = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c] as number;
    }
  }
  return { data: out, width: w, height: h, channels };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

function ofJpeg(bytes: Uint8Array): Uint8Array | null {
  const view = viewOf(bytes);
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xda || marker === 0xd9) return null;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xe1 && textAt(bytes, at + 4, 4) === 'Exif') return bytes.subarray(at + 10, end);
    at = end;
  }
  return null;
}

function ofPng(bytes: Uint8Array): Uint8Array | null {
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = textAt(bytes, at + 4, 4);
    if (type === 'eXIf') return bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IEND') return null;
    at += 12 + length;
  }
  return null;
}

function ofWebp(bytes: Uint8Array): Uint8Array | null {
  const view = viewOf(bytes);
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    if (textAt(bytes, at, 4) === 'EXIF') {
      const exif = bytes.subarray(at + 8, at + 8 + length);
      return textAt(exif, 0, 4) === 'Exif' ? exif.subarray(6) : exif;
    }
    at += 8 + length + (length % 2);
  }
  return null;
}

/** The tag in the first directory of a TIFF structure. */
function readTag(tiff: Uint8Array): number {
  const order = textAt(tiff, 0, 2);
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return 1;
  const isLittle = order === 'II';
  const view = viewOf(tiff);
  const start = view.getUint32(4, isLittle);
  if (start + 2 > tiff.length) return 1;
  const entries = view.getUint16(start, isLittle);
  for (let i = 0, at = start + 2; i < entries && at + 12 <= tiff.length; i++, at += 12) {
    if (view.getUint16(at, isLittle) !== ORIENTATION) continue;
    const value = view.getUint16(at + 8, isLittle);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
