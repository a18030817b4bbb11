// The 3 x 3 convolution of stride 1 by its definition in float64, and what Winograd's products may be off by. For tests.

export interface Image {
  readonly shape: readonly [batch: number, height: number, width: number, channels: number];
  readonly values: Float32Array;
}

interface Transforms {
  readonly edge: number;
  readonly A: readonly (readonly number[])[];
  readonly B: readonly (readonly number[])[];
  readonly G: readonly (readonly number[])[];
}

/** |B'|, |G| and |A'| at these points and infinity, from the points and not from the kernels. */
function transformsAt(points: readonly number[]): Transforms {
  const edge = points.length - 1;
  const powers = Array.from({ length: edge }, (_, power) => power);
  return {
    edge,
    A: powers.map((power) => [...points.map((point) => Math.abs(point ** power)), power === edge - 1 ? 1 : 0]),
    B: [...points.map((_, j) => polynomial(points.filter((_, i) => i !== j))), polynomial(points)].map((row) =>
      Array.from({ length: edge + 2 }, (_, i) => row[i] ?? 0),
    ),
    G: [
      ...points.map((point, j) => {
        const others = points.reduce((product, other, i) => (i === j ? product : product * (point - other)), 1);
        return [0, 1, 2].map((power) => Math.abs(point ** power / others));
      }),
      [0, 0, 1],
    ],
  };
}
export const LARGE_TILES = transformsAt([0, 0.75, -0.75, 1.5, -1.5]);
export const SMALL_TILES = transformsAt([0, 1, -1]);

/** Coefficients of the polynomial with these roots, without their signs. */
function polynomial(roots: readonly number[]): number[] {
  const coefficients = roots.reduce(
    (have, root) => Array.from({ length: have.length + 1 }, (_, i) => (have[i - 1] ?? 0) - root * (have[i] ?? 0)),
    [1],
  );
  return coefficients.map(Math.abs);
}

const product = (left: readonly (readonly number[])[], right: readonly (readonly number[])[]): number[][] =>
  left.map((row) => right[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * right[k]![j]!, 0)));
const transposed = (matrix: readonly (readonly number[])[]): number[][] =>
  matrix[0]!.map((_, j) => matrix.map((row) => row[j]!));
/** M X M'. */
const around = (M: readonly (readonly number[])[], X: readonly (readonly number[])[]): number[][] =>
  product(product(M, X), transposed(M));

/** The convolution in float64, and (inChannels + 40) * 2^-24 * |A'| [sum of (|G| |g| |G'|) * (|B'| |d| |B|)] |A|. */
export function boundedConvolution(
  { shape: [batch, height, width, inChannels], values }: Image,
  filter: Float32Array,
  outChannels: number,
  pad: number,
  { edge, A, B, G }: Transforms,
): { readonly expected: Float64Array; readonly bound: Float64Array } {
  const [outHeight, outWidth] = [height + 2 * pad - 2, width + 2 * pad - 2];
  const expected = new Float64Array(batch * outHeight * outWidth * outChannels);
  const bound = new Float64Array(expected.length);
  const at = (n: number, i: number, j: number, c: number): number =>
    i < 0 || j < 0 || i >= height || j >= width ? 0 : values[((n * height + i) * width + j) * inChannels + c]!;
  const tap = (u: number, v: number, c: number, o: number): number =>
    filter[((u * 3 + v) * inChannels + c) * outChannels + o]!;
  const three = [0, 1, 2];
  const places = A[0]!.map((_, i) => i);
  const filters = Array.from({ length: inChannels * outChannels }, (_, k) => {
    const [c, o] = [Math.floor(k / outChannels), k % outChannels];
    return around(
      G,
      three.map((u) => three.map((v) => Math.abs(tap(u, v, c, o)))),
    ).flat();
  });
  for (let n = 0; n < batch; n++) {
    for (let top = 0; top < outHeight; top += edge) {
      for (let left = 0; left < outWidth; left += edge) {
        const inputs = Array.from({ length: inChannels }, (_, c) =>
          around(
            B,
            places.map((r) => places.map((s) => Math.abs(at(n, top + r - pad, left + s - pad, c)))),
          ).flat(),
        );
        for (let o = 0; o < outChannels; o++) {
          const sums = new Array<number>(places.length ** 2).fill(0);
          inputs.forEach((d, c) => {
            const g = filters[c * outChannels + o]!;
            for (let t = 0; t < places.length ** 2; t++) sums[t]! += d[t]! * g[t]!;
          });
          const most = around(
            A,
            places.map((r) => sums.slice(places.length * r, places.length * (r + 1))),
          );
          for (let i = top; i < Math.min(top + edge, outHeight); i++) {
            for (let j = left; j < Math.min(left + edge, outWidth); j++) {
              let sum = 0;
              for (const u of three)
                for (const v of three)
                  for (let c = 0; c < inChannels; c++) sum += at(n, i + u - pad, j + v - pad, c) * tap(u, v, c, o);
              const place = ((n * outHeight + i) * outWidth + j) * outChannels + o;
              expected[place] = sum;
              bound[place] = (inChannels + 40) * 2 ** -24 * most[i - top]![j - left]!;
            }
          }
        }
      }
    }
  }
  return { expected, bound };
}
