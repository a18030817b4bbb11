import { placeOf } from '../model/scale.js';
import type { Axis } from '../state/charts.js';

/** Layers of a map, the last on top. */
export interface MapLayers {
  readonly across: Axis;
  readonly upwards: Axis;
  /** Rows that pass the filters; all others are faint. */
  readonly shown: Int32Array;
  readonly isFlagged: (row: number) => boolean;
}

const FAINT = 70;

/**
 * Draws a map of rows, two pixels each, pixel by pixel: a hundred thousand in a few milliseconds. Flagged rows are diamonds:
 * they differ from the others in shape as well.
 */
export function drawMap(canvas: HTMLCanvasElement, { across, upwards, shown, isFlagged }: MapLayers): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const dot = rgbOf(context, colour('--dot'));
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const at = (row: number): number => {
    const x = placeOf(across.scale, across.values[row] as number);
    const y = placeOf(upwards.scale, upwards.values[row] as number);
    return Number.isNaN(x + y) ? -1 : (height - 2 - Math.floor(y * (height - 2))) * width + Math.floor(x * (width - 2));
  };
  const put = (row: number, value: number): void => {
    const from = at(row);
    if (from < 0) return;
    pixels[from] = pixels[from + 1] = pixels[from + width] = pixels[from + width + 1] = value;
  };
  for (let row = 0; row < across.values.length; row++) put(row, dot + FAINT * 2 ** 24);
  for (const row of shown) put(row, dot + 255 * 2 ** 24);
  context.putImageData(image, 0, 0);
  context.fillStyle = colour('--hard');
  context.beginPath();
  for (const row of shown) {
    const from = isFlagged(row) ? at(row) : -1;
    if (from < 0) continue;
    const [x, y] = [(from % width) + 1, Math.floor(from / width) + 1];
    context.moveTo(x, y - 4);
    for (const [dx, dy] of [
      [4, 0],
      [0, 4],
      [-4, 0],
    ] as const)
      context.lineTo(x + dx, y + dy);
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
