import type { Places } from '../model/lasso.js';

/** A map as it is drawn: where each row's first pixel lies in its canvas, `[N]`; -1 for rows that are not on it. */
export interface MapPixels {
  readonly width: number;
  readonly height: number;
  /** Pixels of a row, both ways. */
  readonly dot: number;
  readonly at: Int32Array;
}

const FAINT = 70;
/** Up to so many rows have larger dots. */
const FEW = 3000;

export function pixelsOf({ x, y }: Places, width: number, height: number): MapPixels {
  const at = new Int32Array(x.length);
  const dot = x.length <= FEW ? 4 : 2;
  const [across, upwards] = [width - dot, height - dot];
  for (let row = 0; row < at.length; row++) {
    const [left, bottom] = [x[row] as number, y[row] as number];
    at[row] = Number.isNaN(left + bottom)
      ? -1
      : (upwards - Math.floor(bottom * upwards)) * width + Math.floor(left * across);
  }
  return { width, height, dot, at };
}

/**
 * Draws a map of rows pixel by pixel: a hundred thousand in a few milliseconds. Rows that pass the filters are strong, all
 * others faint. Flagged rows are diamonds: they differ from the others in shape as well.
 */
export function drawMap(
  canvas: HTMLCanvasElement,
  { width, height, dot, at }: MapPixels,
  shown: Int32Array,
  isFlagged: (row: number) => boolean,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const own = rgbOf(context, colour('--dot'));
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const put = (rows: Int32Array, places: Int32Array | null, value: number): void => {
    for (let index = 0; index < rows.length; index++) {
      const from = places === null ? (rows[index] as number) : (places[rows[index] as number] as number);
      if (from < 0) continue;
      for (let down = 0; down < dot * width; down += width) {
        pixels[from + down] = value;
        pixels[from + down + 1] = value;
        if (dot > 2) pixels[from + down + 2] = pixels[from + down + 3] = value;
      }
    }
  };
  put(at, null, own + FAINT * 2 ** 24);
  put(shown, at, own + 255 * 2 ** 24);
  context.putImageData(image, 0, 0);
  context.fillStyle = colour('--hard');
  context.beginPath();
  for (const row of shown) {
    const from = at[row] as number;
    if (from < 0 || !isFlagged(row)) continue;
    const [x, y] = [(from % width) + dot / 2, Math.floor(from / width) + dot / 2];
    context.moveTo(x, y - 4);
    context.lineTo(x + 4, y);
    context.lineTo(x, y + 4);
    context.lineTo(x - 4, y);
    context.closePath();
  }
  context.fill();
}

/** A colour as the low three bytes of a pixel, red first in memory. */
function rgbOf(context: CanvasRenderingContext2D, colour: string): number {
  context.fillStyle = colour;
  const value = Number.parseInt(String(context.fillStyle).slice(1), 16);
  return ((value & 255) << 16) | (value & 0xff00) | (value >> 16);
}
