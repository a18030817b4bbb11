import * as tf from '@tensorflow/tfjs';

/** A source of uniform numbers in [0, 1), as `Math.random` is one. */
type Random = () => number;

/** A function of a batch, [N, ...] to [N, ...], that treats every example on its own (no batch statistics). */
export type BatchFunction = (x: tf.Tensor) => tf.Tensor;

export interface FiniteDifferenceOptions {
  /** Chooses the cotangent and the coordinates: seed it and print the seed. */
  readonly random: Random;
  /** The gradient under test, given x and the cotangent of f(x). Default: `tf.grad(f)(x, cotangent)`. */
  readonly gradient?: (x: tf.Tensor, cotangent: tf.Tensor) => tf.Tensor;
  /** Coordinates of x checked per example, drawn without repetition. Default 32. */
  readonly coordinates?: number;
  /** The larger of the two steps. Default 0.01, for inputs of order 1. */
  readonly step?: number;
  /** Largest error allowed, relative to the example's largest slope. Default 0.004. */
  readonly tolerance?: number;
  /** Largest share of coordinates that may be left out as kinks. Default 0.3. */
  readonly maximumDiscarded?: number;
}

/** One coordinate: what the differences say and what the gradient says. */
interface CoordinateError {
  readonly example: number;
  readonly coordinate: number;
  readonly expected: number;
  readonly actual: number;
  /** |expected - actual| over the example's largest slope. */
  readonly error: number;
}

export interface FiniteDifferenceReport {
  readonly checked: number;
  /** Coordinates where the two step sizes disagree: a kink of relu or max lies within the step. */
  readonly discarded: number;
  readonly worst: CoordinateError;
  /** Whether the gradient passes: nothing beyond the tolerance, few kinks, and some slope to check at all. */
  readonly agrees: boolean;
  /** The verdict in words. */
  readonly summary: string;
}

/** Rows evaluated at once: bounds the memory of a check. */
const ROWS = 1024;

/** `count` different indices below `size`, in order of drawing (Fisher-Yates, stopped early). */
function draw(count: number, size: number, random: Random): number[] {
  const indices = Array.from({ length: size }, (_, i) => i);
  const drawn = Math.min(count, size);
  for (let i = 0; i < drawn; i++) {
    const other = i + Math.floor(random() * (size - i));
    [indices[i], indices[other]] = [indices[other]!, indices[i]!];
  }
  return indices.slice(0, drawn);
}

interface Probe {
  readonly example: number;
  readonly coordinate: number;
}

/** f of every probe's example with its coordinate moved by `step`: the outputs, one row a probe, and the true moves. */
async function evaluateMoved(
  f: BatchFunction,
  values: Float32Array,
  shape: readonly number[],
  probes: readonly Probe[],
  step: number,
): Promise<{ outputs: Float32Array[]; moved: number[] }> {
  const size = values.length / shape[0]!;
  const outputs: Float32Array[] = [];
  const moved: number[] = [];
  for (let first = 0; first < probes.length; first += ROWS) {
    const some = probes.slice(first, first + ROWS);
    const rows = new Float32Array(some.length * size);
    some.forEach(({ example, coordinate }, row) => {
      rows.set(values.subarray(example * size, (example + 1) * size), row * size);
      rows[row * size + coordinate]! += step;
      // The step that float32 took, not the one asked for.
      moved.push(rows[row * size + coordinate]!);
    });
    const result = tf.tidy(() => f(tf.tensor(rows, [some.length, ...shape.slice(1)])));
    const flat = (await result.data()) as Float32Array;
    result.dispose();
    const width = flat.length / some.length;
    some.forEach((_, row) => outputs.push(flat.slice(row * width, (row + 1) * width)));
  }
  return { outputs, moved };
}

/** First and second differences of <cotangent, f> along one coordinate. */
interface Difference {
  /** (F(x + h) - F(x - h)) / 2h. */
  readonly slope: number;
  /** (F(x + h) - 2 F(x) + F(x - h)) / h: of order h where F is smooth, of order 1 at a kink. */
  readonly bend: number;
}

/** Differences at every probe. Outputs are subtracted one by one in float64, then summed: less is cancelled. */
async function differences(
  f: BatchFunction,
  values: Float32Array,
  shape: readonly number[],
  cotangent: Float32Array,
  probes: readonly Probe[],
  step: number,
): Promise<Difference[]> {
  const up = await evaluateMoved(f, values, shape, probes, step);
  const down = await evaluateMoved(f, values, shape, probes, -step);
  const still = await evaluateMoved(f, values, shape, probes, 0);
  return probes.map(({ example }, p) => {
    const above = up.outputs[p]!;
    const below = down.outputs[p]!;
    const centre = still.outputs[p]!;
    let first = 0;
    let second = 0;
    for (let k = 0; k < above.length; k++) {
      const weight = cotangent[example * above.length + k]!;
      first += weight * (above[k]! - below[k]!);
      second += weight * (above[k]! - centre[k]! - (centre[k]! - below[k]!));
    }
    const width = up.moved[p]! - down.moved[p]!;
    return { slope: first / width, bend: (2 * second) / width };
  });
}

/**
 * Compares an input gradient with central differences, the oracle that knows nothing of any gradient code.
 *
 * float32 noise: the step is large (0.01), and the two outputs are subtracted one by one. Richardson's extrapolation
 * of two step sizes, (4 D(h/2) - D(h)) / 3, removes the error of order h^2 that a large step brings. Kinks: where a
 * relu or a max switches within the step, the slopes of the two sizes disagree, or the second differences do not
 * shrink in proportion (a kink at x itself). Those coordinates are left out, and a check that would leave out too many
 * fails. So does one whose function is flat: it would check nothing. What disagrees with the gradient is measured
 * again with steps of 0.6 and 0.3 times the size.
 *
 * @param f Function of a batch; see {@link BatchFunction}. Inputs of order 1.
 * @param x Where to check, [N, ...], float32. Not disposed.
 */
export async function compareWithFiniteDifferences(
  f: BatchFunction,
  x: tf.Tensor,
  options: FiniteDifferenceOptions,
): Promise<FiniteDifferenceReport> {
  const { random, coordinates = 32, step = 0.01, tolerance = 0.004, maximumDiscarded = 0.3 } = options;
  const gradient = options.gradient ?? ((at: tf.Tensor, dy: tf.Tensor) => tf.grad(f)(at, dy));
  const outputShape = tf.tidy(() => f(x).shape);
  const cotangent = Float32Array.from({ length: outputShape.reduce((a, b) => a * b, 1) }, () => 2 * random() - 1);
  const dx = tf.tidy(() => gradient(x, tf.tensor(cotangent, outputShape)));
  const actual = (await dx.data()) as Float32Array;
  dx.dispose();
  const values = (await x.data()) as Float32Array;
  const size = values.length / x.shape[0]!;
  const probes = Array.from({ length: x.shape[0]! }, (_, example) =>
    draw(coordinates, size, random).map((coordinate) => ({ example, coordinate })),
  ).flat();
  const coarse = await differences(f, values, x.shape, cotangent, probes, step);
  const fine = await differences(f, values, x.shape, cotangent, probes, step / 2);

  const steepest = (example: number | undefined): number =>
    probes.reduce((most, probe, p) => {
      const slope = Math.max(Math.abs(fine[p]!.slope), Math.abs(actual[probe.example * size + probe.coordinate]!));
      return example === undefined || probe.example === example ? Math.max(most, slope) : most;
    }, 0);
  const overall = steepest(undefined);
  // An example that is nearly flat would be judged by its noise: a tenth of the steepest slope is its floor.
  const scales = Array.from({ length: x.shape[0]! }, (_, example) => Math.max(steepest(example), overall / 10));

  /** Null at a kink. */
  const judge = ({ example, coordinate }: Probe, whole: Difference, half: Difference): CoordinateError | null => {
    const scale = scales[example]! || 1;
    if (Math.abs(whole.slope - half.slope) > (tolerance / 2) * scale) return null;
    if (Math.abs(whole.bend - 2 * half.bend) > tolerance * scale) return null;
    const expected = (4 * half.slope - whole.slope) / 3;
    const found = actual[example * size + coordinate]!;
    const error = Math.abs(expected - found) / scale;
    return { example, coordinate, expected, actual: found, error: Number.isNaN(error) ? Infinity : error };
  };
  const judged = probes.map((probe, p) => judge(probe, coarse[p]!, fine[p]!));

  // Kinks that make up for each other look smooth at one step, and not at another; a wrong gradient is wrong at each.
  const doubted = probes.map((_, p) => p).filter((p) => (judged[p]?.error ?? 0) > tolerance);
  const again = doubted.map((p) => probes[p]!);
  const [wider, narrower] = [
    await differences(f, values, x.shape, cotangent, again, 0.6 * step),
    await differences(f, values, x.shape, cotangent, again, 0.3 * step),
  ];
  doubted.forEach((p, k) => {
    const second = judge(probes[p]!, wider[k]!, narrower[k]!);
    if (second === null || second.error <= tolerance) judged[p] = second;
  });
  const errors = judged.filter((error) => error !== null);
  const discarded = probes.length - errors.length;
  const worst = errors.reduce<CoordinateError>((a, b) => (b.error > a.error ? b : a), {
    example: -1,
    coordinate: -1,
    expected: 0,
    actual: 0,
    error: 0,
  });
  const flat = !(overall > 0);
  const agrees = !flat && worst.error <= tolerance && discarded <= maximumDiscarded * probes.length;
  const { example, coordinate, expected, actual: found } = worst;
  const summary =
    `largest error ${worst.error.toExponential(2)} (allowed ${tolerance}) at example ${example}, coordinate ` +
    `${coordinate}: differences ${expected.toPrecision(6)}, gradient ${found.toPrecision(6)}; ` +
    `${errors.length} checked, ${discarded} left out as kinks${flat ? '; flat: nothing to check' : ''}`;
  return { checked: errors.length, discarded, worst, agrees, summary };
}

/** The same as an assertion. @throws Error with the worst coordinate when the gradient does not agree. */
export async function assertInputGradient(
  f: BatchFunction,
  x: tf.Tensor,
  options: FiniteDifferenceOptions,
): Promise<FiniteDifferenceReport> {
  const report = await compareWithFiniteDifferences(f, x, options);
  if (!report.agrees) throw new Error(`The input gradient differs from finite differences: ${report.summary}`);
  return report;
}
