import { type PixelImages, shrunkPicture } from '@vogjs/formats/images';
import type { EventImage } from '@vogjs/formats/tensorboard';
import { encode } from 'fast-png';

/** Pixels between two pictures. */
const GAP = 2;
/** A small picture is drawn larger, each pixel as a square, so that one sees it. */
const SIDE = 48;

/** How pictures are laid out. */
export interface MontageOptions {
  readonly columns: number;
  /** Default: as many as the pictures fill. */
  readonly rows?: number;
  /** Pixels between pictures. Default 2. */
  readonly gap?: number;
  /** The longer side of one picture, in pixels, at most. */
  readonly most: number;
  /** Whether small pictures are drawn larger. Default true. */
  readonly enlarge?: boolean;
}

/** Several examples in one picture, row by row; also the size of each. */
export function montage(
  images: PixelImages,
  examples: ArrayLike<number>,
  {
    columns,
    rows = Math.max(1, Math.ceil(examples.length / columns)),
    gap = GAP,
    most,
    enlarge = true,
  }: MontageOptions,
): EventImage & { readonly cell: readonly [width: number, height: number] } {
  const [, fullHeight, fullWidth, channels] = images.shape;
  const longest = Math.max(fullWidth, fullHeight);
  const shrink = Math.max(1, Math.ceil(longest / most));
  const grow = enlarge ? Math.max(1, Math.floor(SIDE / longest)) : 1;
  const [cellWidth, cellHeight] = [Math.ceil(fullWidth / shrink) * grow, Math.ceil(fullHeight / shrink) * grow];
  const width = columns * (cellWidth + gap) - gap;
  const height = rows * (cellHeight + gap) - gap;
  // White between pictures, opaque where there is alpha.
  const data = new Uint8Array(width * height * channels).fill(255);
  for (let i = 0; i < examples.length; i++) {
    const picture = shrunkPicture(images, examples[i] as number, shrink);
    const [left, top] = [(i % columns) * (cellWidth + gap), Math.floor(i / columns) * (cellHeight + gap)];
    for (let y = 0; y < cellHeight; y++) {
      for (let x = 0; x < cellWidth; x++) {
        const from = (Math.floor(y / grow) * picture.width + Math.floor(x / grow)) * channels;
        const to = ((top + y) * width + left + x) * channels;
        for (let c = 0; c < channels; c++) data[to + c] = picture.data[from + c] as number;
      }
    }
  }
  const png = encode({ width, height, channels, data, depth: 8 });
  return { width, height, channels, png, cell: [cellWidth, cellHeight] };
}
