import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readIdx } from '@vogjs/formats';
import type { Images } from './scoring.js';

const folder = new URL('../../packages/vogjs/assets/fashion-mnist/', import.meta.url);

async function read(name: string): Promise<ArrayLike<number>> {
  return (await readIdx(await readFile(fileURLToPath(new URL(name, folder))))).data;
}

/** The first images of those that the demo ships. */
export async function fashionImages(count: number): Promise<Images> {
  const [pixels, labels] = await Promise.all([read('t10k-images-idx3-ubyte.gz'), read('t10k-labels-idx1-ubyte.gz')]);
  return {
    pixels: Array.from({ length: count * 784 }, (_, i) => pixels[i]!),
    labels: Array.from({ length: count }, (_, i) => labels[i]!),
  };
}
