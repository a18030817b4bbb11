import { VogError } from '@vogjs/base';

/** A picture as bytes 0 to 255, rows from the top, channels last: grey, grey and alpha, RGB or RGBA. */
export interface DecodedImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 1, 2, 3 or 4. */
  readonly channels: number;
}

/** More pixels than this are refused before memory is taken: Pillow's limit for what it calls a decompression bomb. */
const MOST_PIXELS = 178_956_970;

/** Refuses sizes that no picture has; decoders take memory for what a damaged header says. */
export function checkImageSize(width: number, height: number): void {
  if (width > 0 && height > 0 && width * height <= MOST_PIXELS) return;
  throw new VogError(
    'IMAGE_BROKEN',
    `The picture says that it is ${width} x ${height} pixels; expected at least 1 and at most ${MOST_PIXELS}. It is damaged: load it again.`,
  );
}
