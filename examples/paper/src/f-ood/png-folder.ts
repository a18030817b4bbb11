import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@vogjs/example-shared';
import { decode } from 'fast-png';

const SIDE = 32;

/** Images of a folder as bytes 0 to 255, `[N, 32, 32, 3]`, and their paths in it. */
export interface FolderImages {
  readonly pixels: Uint8Array;
  readonly files: readonly string[];
}

/**
 * Reads the PNG images of a folder and its subfolders, by name: `choose` says which of them, given their number.
 * They must be 32 x 32 already; grey ones become colour, an opaque alpha channel is left out, 16 bits become 8.
 */
export async function readPngFolder(
  folder: string,
  option: string,
  choose: (count: number) => Int32Array,
): Promise<FolderImages> {
  const entries = await readdir(folder, { recursive: true }).catch(() => {
    throw new UsageError(`--${option}: there is no folder '${folder}'.`);
  });
  const names = entries.filter((name) => name.toLowerCase().endsWith('.png')).toSorted();
  if (names.length === 0) throw new UsageError(`--${option}: there is no .png file in '${folder}'.`);
  const files = Array.from(choose(names.length), (row) => names[row] as string);
  const pixels = new Uint8Array(files.length * SIDE * SIDE * 3);
  for (const [i, file] of files.entries()) {
    pixels.set(decodeImage(await readFile(join(folder, file)), `--${option}: '${file}'`), i * SIDE * SIDE * 3);
  }
  return { pixels, files };
}

function decodeImage(bytes: Uint8Array, what: string): Uint8Array {
  let image: ReturnType<typeof decode>;
  try {
    image = decode(bytes);
  } catch (error) {
    throw new UsageError(`${what} is no PNG image: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { width, height, channels, data, depth, palette } = image;
  if (width !== SIDE || height !== SIDE) {
    throw new UsageError(`${what} has ${width} x ${height} pixels; expected 32 x 32. Resize the images before.`);
  }
  if (depth !== 8 && depth !== 16) throw new UsageError(`${what} has ${depth} bits a channel; expected 8 or 16.`);
  const value = (at: number): number => ((data[at] as number) >> (depth - 8)) & 0xff;
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    if (palette !== undefined) return (palette[data[pixel] as number] as number[])[channel] as number;
    return value(pixel * channels + (channels < 3 ? 0 : channel));
  });
}
