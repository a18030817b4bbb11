/** A value for each pixel, `[height, width]`, none of them negative. */
export interface HeatMap {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** An example's input gradient, `[height, width, channels]`. */
export interface PixelGradient {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

function sizeOf({ shape }: PixelGradient): { height: number; width: number; channels: number } {
  const [height = 0, width = 0, channels = 1] = shape;
  return { height, width, channels };
}

/** Absolute values summed over channels. */
export function strengthMap(gradient: PixelGradient): HeatMap {
  const { height, width, channels } = sizeOf(gradient);
  const values = new Float32Array(height * width);
  for (const [at, value] of gradient.values.entries()) {
    const pixel = Math.floor(at / channels);
    values[pixel] = (values[pixel] as number) + Math.abs(value);
  }
  return { height, width, values };
}

/**
 * What `vog` averages over pixels: `sqrt((1/K) Σ_t (S_t - mean_t S)²)`, with `S_t` the mean over channels at checkpoint
 * t. Agarwal, D'souza & Hooker 2022, eq. 1-3.
 */
export function deviationMap(gradients: readonly PixelGradient[]): HeatMap {
  const { height, width, channels } = sizeOf(gradients[0] as PixelGradient);
  const pixels = height * width;
  const means = gradients.map(({ values }) => {
    const mean = new Float64Array(pixels);
    for (const [at, value] of values.entries()) {
      const pixel = Math.floor(at / channels);
      mean[pixel] = (mean[pixel] as number) + value / channels;
    }
    return mean;
  });
  const values = Float32Array.from({ length: pixels }, (_, pixel) => {
    const over = means.map((mean) => mean[pixel] as number);
    const center = over.reduce((sum, value) => sum + value, 0) / over.length;
    return Math.sqrt(over.reduce((sum, value) => sum + (value - center) ** 2, 0) / over.length);
  });
  return { height, width, values };
}
