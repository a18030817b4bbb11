// Faults planted by a seed, so that it is known what there is to find.
import { seededRandom } from '@vogjs/base';
import type { ImageSet } from '@vogjs/example-shared';

/** A share of the labels, moved each to another class, all others equally likely. */
export function plantErrors(
  truth: Int32Array,
  classes: number,
  share: number,
  seed: number,
): { given: Int32Array; wrong: Uint8Array } {
  const random = seededRandom(seed);
  const given = truth.slice();
  const wrong = new Uint8Array(truth.length);
  for (const example of random.shuffle(truth.length).subarray(0, Math.round(share * truth.length))) {
    given[example] = (truth[example]! + 1 + random.integer(classes - 1)) % classes;
    wrong[example] = 1;
  }
  return { given, wrong };
}

export const COPIES = ['exact', 'shifted', 'brighter', 'noisy', 'mirrored'] as const;

/** Appends copies of random images: as they are, moved by a pixel, brighter, with noise, mirrored; in turn. */
export function plantDuplicates(
  images: ImageSet,
  count: number,
  seed: number,
): { images: ImageSet; copies: (readonly [number, number, string])[] } {
  const random = seededRandom(seed);
  const [size, height, width, channels] = images.shape;
  const length = height * width * channels;
  const pixels = new Uint8Array((size + count) * length);
  pixels.set(images.pixels);
  const labels = new Int32Array(size + count);
  labels.set(images.labels);
  const copies = [...random.shuffle(size).subarray(0, count)].map((original, i) => {
    const kind = COPIES[i % COPIES.length]!;
    const source = images.pixels.subarray(original * length, (original + 1) * length);
    const target = pixels.subarray((size + i) * length, (size + i + 1) * length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) {
          const from = kind === 'shifted' ? Math.max(0, x - 1) : kind === 'mirrored' ? width - 1 - x : x;
          const value = source[(y * width + from) * channels + c]!;
          const changed =
            kind === 'brighter' ? 1.1 * value + 5 : kind === 'noisy' ? value + 4 * random.normal() : value;
          target[(y * width + x) * channels + c] = Math.max(0, Math.min(255, Math.round(changed)));
        }
      }
    }
    labels[size + i] = images.labels[original]!;
    return [size + i, original, kind] as const;
  });
  return { images: { ...images, pixels, shape: [size + count, height, width, channels], labels }, copies };
}
