/** Frequencies each way, of which the mean is left out. */
const FREQUENCIES = 8;

/**
 * The 63 lowest frequencies of a small square image (its discrete cosine transform, of type II), of unit length: the same
 * whatever brightness and contrast. What changes its sign with the mirror image has none. An image of one brightness has
 * zeros.
 *
 * Source: the perceptual hash of Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010,
 * with the numbers in place of their signs.
 */
export function descriptorOf(image: Float32Array, side: number): Float32Array {
  const cosines = Float64Array.from({ length: FREQUENCIES * side }, (_, at) => {
    const [frequency, x] = [Math.floor(at / side), at % side];
    return Math.cos((Math.PI * frequency * (2 * x + 1)) / (2 * side));
  });
  const rows = new Float64Array(side * FREQUENCIES);
  for (let y = 0; y < side; y++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += image[y * side + x]! * cosines[u * side + x]!;
      rows[y * FREQUENCIES + u] = sum;
    }
  }
  const values = new Float32Array(FREQUENCIES * FREQUENCIES - 1);
  let square = 0;
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      if (u === 0 && v === 0) continue;
      let sum = 0;
      for (let y = 0; y < side; y++) sum += rows[y * FREQUENCIES + u]! * cosines[v * side + y]!;
      // Odd frequencies across are what a mirror turns round.
      const value = u % 2 === 1 ? Math.abs(sum) : sum;
      values[v * FREQUENCIES + u - 1] = value;
      square += value * value;
    }
  }
  // Roundings of an even image are no pattern.
  const length = Math.sqrt(square);
  return length < 1 ? values.fill(0) : values.map((value) => value / length);
}
