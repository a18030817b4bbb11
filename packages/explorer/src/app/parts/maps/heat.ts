/** A value for each pixel, `[height, width]`, row-major; none negative. */
export interface Heat {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** What a map says, for who reads it and does not see it. */
export interface HeatFacts {
  /** 0 is the other end of the scale. NaN where a value is no number. */
  readonly most: number;
  readonly mean: number;
  /** Where the largest value is, counted from 1 at the top left. */
  readonly row: number;
  readonly column: number;
  /** Share of the pixels, the strongest first, that hold half of the sum. */
  readonly half: number;
}

export function factsOf({ width, values }: Heat): HeatFacts {
  const sum = values.reduce((total, value) => total + value, 0);
  const most = Number.isNaN(sum) ? Number.NaN : values.reduce((a, b) => Math.max(a, b), 0);
  const at = Math.max(0, values.indexOf(most));
  let held = 0;
  let count = 0;
  for (const value of values.toSorted((a, b) => b - a)) {
    if (held >= sum / 2) break;
    held += value;
    count++;
  }
  return {
    most,
    mean: sum / values.length,
    row: Math.floor(at / width) + 1,
    column: (at % width) + 1,
    half: count / values.length,
  };
}

type Colour = readonly [red: number, green: number, blue: number];

/** RGBA of a map: from the first colour at 0, by the second, to the third at the largest value; linear. */
export function paint(
  { values }: Heat,
  most: number,
  [low, middle, high]: readonly [Colour, Colour, Colour],
): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(4 * values.length);
  for (const [at, value] of values.entries()) {
    const share = most > 0 ? Math.min(1, value / most) : 0;
    const [from, to, part] = share < 0.5 ? [low, middle, 2 * share] : [middle, high, 2 * share - 1];
    for (let c = 0; c < 3; c++)
      pixels[4 * at + c] = (from[c] as number) + part * ((to[c] as number) - (from[c] as number));
    pixels[4 * at + 3] = 255;
  }
  return pixels;
}
