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
/** Pixels from the middle of a diamond to its corners. */
const REACH = 4;

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

/** Colours as pixels: red in the lowest byte, as canvases hold them. */
export interface MapColours {
  readonly dot: number;
  readonly hard: number;
}

/** The colours of the scheme that is on. */
export function coloursOf(canvas: HTMLCanvasElement): MapColours {
  const style = getComputedStyle(canvas);
  const context = canvas.getContext('2d');
  const of = (name: string): number => (context === null ? 0 : rgbOf(context, style.getPropertyValue(name).trim()));
  return { dot: of('--dot'), hard: of('--hard') };
}

/**
 * Draws a map of rows pixel by pixel: a hundred thousand in a few milliseconds. Rows that pass the filters are strong, all
 * others faint. Flagged rows are diamonds: they differ from the others in shape as well.
 */
export class MapDrawing {
  readonly #map: MapPixels;
  readonly #colours: MapColours;
  /** All rows, faint: it stays however they are filtered. */
  readonly #faint: Uint32Array;
  readonly #image: ImageData;

  constructor(map: MapPixels, colours: MapColours) {
    this.#map = map;
    this.#colours = colours;
    this.#faint = new Uint32Array(map.width * map.height);
    this.#image = new ImageData(map.width, map.height);
    const value = (colours.dot | (FAINT << 24)) >>> 0;
    for (let row = 0; row < map.at.length; row++) putDot(this.#faint, map, map.at[row] as number, value);
  }

  /** @param flagged rows that are flagged */
  draw(canvas: HTMLCanvasElement, shown: Int32Array, flagged: ReadonlyMap<number, unknown>): void {
    const map = this.#map;
    const pixels = new Uint32Array(this.#image.data.buffer);
    pixels.set(this.#faint);
    const strong = opaque(this.#colours.dot);
    for (let place = 0; place < shown.length; place++) {
      putDot(pixels, map, map.at[shown[place] as number] as number, strong);
    }
    const hard = opaque(this.#colours.hard);
    for (let place = 0; flagged.size > 0 && place < shown.length; place++) {
      const row = shown[place] as number;
      if (flagged.has(row)) putDiamond(pixels, map, map.at[row] as number, hard);
    }
    canvas.getContext('2d')?.putImageData(this.#image, 0, 0);
  }
}

const opaque = (colour: number): number => (colour | (255 << 24)) >>> 0;

function putDot(pixels: Uint32Array, { dot, width }: MapPixels, from: number, value: number): void {
  if (from < 0) return;
  for (let line = from, down = 0; down < dot; down++, line += width) {
    pixels[line] = value;
    pixels[line + 1] = value;
    if (dot > 2) pixels[line + 2] = pixels[line + 3] = value;
  }
}

function putDiamond(pixels: Uint32Array, { width, height, dot }: MapPixels, from: number, value: number): void {
  if (from < 0) return;
  const [x, y] = [(from % width) + dot / 2, Math.floor(from / width) + dot / 2];
  for (let line = Math.max(0, y - REACH); line <= Math.min(height - 1, y + REACH); line++) {
    const half = REACH - Math.abs(line - y);
    pixels.fill(value, line * width + Math.max(0, x - half), line * width + Math.min(width, x + half + 1));
  }
}

/** A colour as the low three bytes of a pixel. */
function rgbOf(context: CanvasRenderingContext2D, colour: string): number {
  context.fillStyle = colour;
  const value = Number.parseInt(String(context.fillStyle).slice(1), 16);
  return ((value & 255) << 16) | (value & 0xff00) | (value >> 16);
}
