import { encode } from 'fast-png';
import type { ReportImages } from './input.js';

/** A picture of one example, ready for an `src` attribute. */
export interface Thumbnail {
  readonly source: string;
  readonly width: number;
  readonly height: number;
}

/** Longer side; more would fill the file with detail that no thumbnail shows. */
const longestSide = 48;

/** Makes thumbnails on demand, each once: hard examples turn up in several galleries. */
export function thumbnailsOf(images: ReportImages): (example: number) => Thumbnail {
  const made = new Map<number, Thumbnail>();
  return (example) => {
    const known = made.get(example);
    if (known) return known;
    const thumbnail = makeThumbnail(images, example);
    made.set(example, thumbnail);
    return thumbnail;
  };
}

function makeThumbnail({ data, shape: [, height, width, channels] }: ReportImages, example: number): Thumbnail {
  const pixels = height * width * channels;
  const image = { data: data.subarray(example * pixels, (example + 1) * pixels), width, height, channels };
  const small = shrink(image, Math.ceil(Math.max(width, height) / longestSide));
  const png = encode(small, { zlib: { level: 9 } });
  const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  return { source, width: small.width, height: small.height };
}

interface Image {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Averages blocks of `factor` by `factor` pixels; the last row and column may hold less. */
function shrink(image: Image, factor: number): Image {
  if (factor === 1) return image;
  const { data, channels } = image;
  const width = Math.ceil(image.width / factor);
  const height = Math.ceil(image.height / factor);
  const small = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        let count = 0;
        for (let v = y * factor; v < Math.min((y + 1) * factor, image.height); v++) {
          for (let u = x * factor; u < Math.min((x + 1) * factor, image.width); u++) {
            sum += data[(v * image.width + u) * channels + channel]!;
            count++;
          }
        }
        small[(y * width + x) * channels + channel] = Math.round(sum / count);
      }
    }
  }
  return { data: small, width, height, channels };
}
