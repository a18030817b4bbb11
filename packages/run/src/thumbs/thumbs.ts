import { VogError } from '@vogjs/base';
import type { RunStorage } from '../storage/storage.js';
import { readVersioned } from '../storage/versioned.js';

const INDEX = 'thumbs/index.json';

/** How pictures lie in sheets: in the examples' order, row by row, `columns * rows` a sheet. */
export interface ThumbIndex {
  readonly version: 1;
  /** Pixels of one picture. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  readonly count: number;
  /** Names of the sheets, PNG. */
  readonly sheets: readonly string[];
}

/** Pictures as bytes, `[count, height, width, channels]`, 1 channel (grey) or 3 (RGB), in the examples' order. */
export interface ThumbPixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly count: number;
  /** Pictures `start` to `end - 1`; asked for a sheet at a time. */
  readonly read: (start: number, end: number) => Promise<Uint8Array> | Uint8Array;
}

/** A sheet is at most about this wide: every browser draws it, and a screen of pictures needs few sheets. */
const SHEET_PIXELS = 1024;

/** Writes atlas sheets and then their index, which makes them count. */
export async function writeThumbs(storage: RunStorage, pixels: ThumbPixels): Promise<ThumbIndex> {
  const { width, height, channels, count, read } = pixels;
  for (const [name, value] of Object.entries({ width, height, count })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new VogError('ARGUMENT_INVALID', `writeThumbs: ${name} must be a whole number above 0; got ${value}.`);
    }
  }
  const { encode } = await import('fast-png');
  const columns = Math.max(1, Math.floor(SHEET_PIXELS / width));
  const rows = Math.max(1, Math.floor(SHEET_PIXELS / height));
  const sheets: string[] = [];
  for (let start = 0; start < count; start += columns * rows) {
    const end = Math.min(count, start + columns * rows);
    const bytes = await read(start, end);
    const expected = (end - start) * width * height * channels;
    if (bytes.length !== expected) {
      throw new VogError(
        'INPUT_SHAPE',
        `writeThumbs: pictures ${start} to ${end - 1} have ${bytes.length} bytes, expected ${expected}.`,
      );
    }
    const used = Math.ceil((end - start) / columns);
    const data = new Uint8Array(columns * width * used * height * channels);
    for (let at = 0; at < end - start; at++) {
      const left = (at % columns) * width;
      const top = Math.floor(at / columns) * height;
      for (let y = 0; y < height; y++) {
        const from = (at * height + y) * width * channels;
        data.set(bytes.subarray(from, from + width * channels), ((top + y) * columns * width + left) * channels);
      }
    }
    const name = `thumbs/${String(sheets.length).padStart(4, '0')}.png`;
    await storage.write(name, encode({ width: columns * width, height: used * height, channels, data, depth: 8 }));
    sheets.push(name);
  }
  const index: ThumbIndex = { version: 1, width, height, columns, rows, count, sheets };
  await storage.write(INDEX, new TextEncoder().encode(JSON.stringify(index)));
  return index;
}

/** @throws VogError RUN_ABSENT for a run without pictures, RUN_INVALID, RUN_VERSION */
export async function readThumbIndex(storage: RunStorage): Promise<ThumbIndex> {
  const { value, invalid } = await readVersioned(storage, INDEX, { latest: 1 });
  if (!Array.isArray(value['sheets'])) throw invalid('lacks its list of sheets');
  const { width, height, columns, rows, count, sheets } = value as unknown as ThumbIndex;
  const whole = [width, height, columns, rows, count].every((each) => Number.isSafeInteger(each) && each > 0);
  const named = sheets.every((sheet) => /^thumbs\/\d{4,}\.png$/.test(sheet));
  if (!whole || !named || sheets.length !== Math.ceil(count / (columns * rows)))
    throw invalid('does not say where each picture is');
  return value as unknown as ThumbIndex;
}

/** The sheet and the corner of one picture, in pixels. */
export function thumbAt(
  { width, height, columns, rows, sheets }: ThumbIndex,
  example: number,
): { readonly sheet: string; readonly left: number; readonly top: number } {
  const at = example % (columns * rows);
  const sheet = sheets[Math.floor(example / (columns * rows))] as string;
  return { sheet, left: (at % columns) * width, top: Math.floor(at / columns) * height };
}
