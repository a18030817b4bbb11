import { VogError } from '@vogjs/base';

/** One decoded image: bytes 0 to 255, row by row, channels side by side. */
export interface ImagePixels {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey with alpha, 3 colour, 4 colour with alpha. */
  readonly channels: 1 | 2 | 3 | 4;
}

/** Refuses what is no image. */
export function requireImage(where: string, { data, width, height, channels }: ImagePixels): void {
  const areWhole = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (areWhole && [1, 2, 3, 4].includes(channels) && data?.length === width * height * channels) return;
  throw new VogError(
    'INPUT_SHAPE',
    `${where}: an image of ${width} x ${height} with ${channels} channels and ${data?.length} values; expected width x height x channels bytes, of 1 to 4 channels.`,
  );
}

/**
 * How bright each pixel looks, 0 to 255; transparent ones as before white. Weights of Rec. 601, as in JPEG.
 */
export function luminance({ data, width, height, channels }: ImagePixels): Float32Array {
  const pixels = width * height;
  const colour = channels >= 3;
  const hasAlpha = channels === 2 || channels === 4;
  return Float32Array.from({ length: pixels }, (_, at) => {
    const start = at * channels;
    const own = colour ? 0.299 * data[start]! + 0.587 * data[start + 1]! + 0.114 * data[start + 2]! : data[start]!;
    if (!hasAlpha) return own;
    const alpha = data[start + channels - 1]! / 255;
    return own * alpha + 255 * (1 - alpha);
  });
}

/** Mean brightness in `side` x `side` fields of equal size, 0 to 255: pixels count by the part that lies inside. */
export function thumbnailOf(grey: Float32Array, width: number, height: number, side: number): Float32Array {
  const across = weightsOf(width, side);
  const down = weightsOf(height, side);
  const rows = new Float32Array(side * width);
  for (const { from, to, weight } of down) {
    for (let x = 0; x < width; x++) rows[to * width + x]! += weight * grey[from * width + x]!;
  }
  const small = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (const { from, to, weight } of across) small[y * side + to]! += weight * rows[y * width + from]!;
  }
  return small;
}

interface Weight {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

function weightsOf(length: number, side: number): Weight[] {
  const weights: Weight[] = [];
  for (let to = 0; to < side; to++) {
    const [start, end] = [(to * length) / side, ((to + 1) * length) / side];
    for (let from = Math.floor(start); from < Math.min(length, Math.ceil(end - 1e-9)); from++) {
      const weight = (Math.min(end, from + 1) - Math.max(start, from)) / (end - start);
      if (weight > 0) weights.push({ from, to, weight });
    }
  }
  return weights;
}
