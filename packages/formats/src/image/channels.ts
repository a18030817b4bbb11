import type { DecodedImage } from './image.js';

/** Rec. 601's luma, in whole numbers as Pillow's `convert('L')` has it. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/**
 * The picture with so many channels. Alpha is laid over `background`, unless there are to be 4. Grey is its luma.
 */
export function withChannels(image: DecodedImage, channels: 1 | 3 | 4, background: readonly number[]): DecodedImage {
  if (image.channels === channels) return image;
  const { data, width, height, channels: given } = image;
  const hasAlpha = given === 2 || given === 4;
  const colours = given < 3 ? 1 : 3;
  const out = new Uint8Array(width * height * channels);
  const pixel = [0, 0, 0];
  for (let from = 0, to = 0; from < data.length; from += given) {
    const alpha = hasAlpha ? (data[from + given - 1] as number) : 255;
    for (let c = 0; c < 3; c++) {
      const value = data[from + (colours === 1 ? 0 : c)] as number;
      const below = background[c] as number;
      pixel[c] = channels === 4 ? value : Math.round((value * alpha + below * (255 - alpha)) / 255);
    }
    const [red = 0, green = 0, blue = 0] = pixel;
    if (channels === 1) out[to++] = colours === 1 && !hasAlpha ? red : luma(red, green, blue);
    else {
      out[to++] = red;
      out[to++] = green;
      out[to++] = blue;
      if (channels === 4) out[to++] = alpha;
    }
  }
  return { data: out, width, height, channels };
}
