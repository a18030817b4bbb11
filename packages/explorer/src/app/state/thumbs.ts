// Pictures, out of atlas sheets: each sheet is fetched and decoded once, and the least used are let go.
import { signal } from '@preact/signals';
import { ask } from '../client/client.js';
import { description } from './run-state.js';

/** A sheet takes about 4 MB. */
const MOST_SHEETS = 32;
/** Why some pictures are missing. */
export const lost = signal<string | null>(null);
const sheets = new Map<string, Promise<ImageBitmap>>();

/** Draws the picture of a row, pixel for pixel, into a canvas of its size. */
export async function drawThumb(canvas: HTMLCanvasElement, row: number): Promise<void> {
  const of = description.value;
  const thumbs = of?.thumbs ?? null;
  if (of === null || thumbs === null) return;
  const { width, height, columns, rows } = thumbs;
  const at = row % (columns * rows);
  const bitmap = await sheetOf(of.run, of.edition, Math.floor(row / (columns * rows)));
  // The canvas may have gone to another row while the sheet came.
  if (canvas.dataset['row'] !== String(row)) return;
  const [left, top] = [(at % columns) * width, Math.floor(at / columns) * height];
  canvas.getContext('2d')?.drawImage(bitmap, left, top, width, height, 0, 0, width, height);
}

function sheetOf(run: number, edition: string, sheet: number): Promise<ImageBitmap> {
  const key = `${run} ${edition} ${sheet}`;
  const known =
    sheets.get(key) ??
    ask(`/api/runs/${run}/thumbs/${sheet}`)
      .then((response) => response.blob())
      .then((blob) => createImageBitmap(blob));
  // Last in the map is used last.
  sheets.delete(key);
  sheets.set(key, known);
  known.catch((error: unknown) => {
    sheets.delete(key);
    const why = error instanceof Error ? error.message : String(error);
    lost.value = `Some pictures cannot be shown, their examples can still be decided on. ${why}`;
  });
  const [oldest] = sheets.keys();
  if (sheets.size > MOST_SHEETS && oldest !== undefined) sheets.delete(oldest);
  return known;
}
