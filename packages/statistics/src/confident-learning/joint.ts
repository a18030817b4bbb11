import { encodeLabels, type LabelValue, type ShapedArray, VogError } from '@vogjs/base';
import { requireArray, requireShaped } from '../arguments.js';

/** Given labels (rows) against confidently predicted ones (columns). */
export interface ConfidentJoint {
  readonly classes: number;
  /** `[classes]`: mean p_c over the examples labelled c; NaN for a class that no example is labelled with. */
  readonly thresholds: Float64Array;
  /** `[classes, classes]`, row-major: number of examples labelled i that are confidently j. */
  readonly counts: Int32Array;
  /** The counts scaled so that row i sums to the number of examples labelled i. */
  readonly calibrated: Float64Array;
  /** The calibrated counts divided by N: the estimated joint distribution of given and true labels. */
  readonly joint: Float64Array;
}

/**
 * How sure the model is of a class, on average, on the examples labelled with it: `t_c = mean p_c over {y = c}`.
 *
 * Source: Northcutt, Jiang & Chuang 2021, eq. 2.
 *
 * @param probabilities `[N, classes]`, wanted out of sample
 * @param given class of each example, `[N]`: indices, or names whose sorted order is that of the classes
 * @returns `[classes]`; NaN for a class without examples, of which nothing is confident
 * @throws VogError INPUT_SHAPE, LABEL_INVALID, INPUT_NOT_FINITE
 */
export function classThresholds(probabilities: ShapedArray, given: ArrayLike<LabelValue>): Float64Array {
  const { classes, size, labels, at } = readProbabilities(probabilities, given);
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let i = 0; i < size; i++) {
    const y = labels[i] as number;
    sums[y]! += at(i, y);
    counts[y]! += 1;
  }
  return sums.map((sum, c) => sum / counts[c]!);
}

/** How far below its threshold a probability may lie by rounding: of a mean, and of float32 probabilities. */
const margin = 1e-6;

/**
 * Counts examples labelled i that are confidently j: of the classes with `p_c >= t_c`, the one with the largest
 * probability, the first on ties. Examples that are confidently nothing are not counted.
 *
 * `p_c >= t_c` holds up to 1e-6, as in cleanlab: the mean of equal probabilities can lie a rounding above each of them.
 * A probability below 1e-6 is confident of nothing.
 *
 * Source: Northcutt, Jiang & Chuang 2021, eq. 1-3. A row without any confident example, which the paper leaves open,
 * counts as correctly labelled.
 *
 * @throws VogError INPUT_SHAPE, LABEL_INVALID, INPUT_NOT_FINITE
 */
export function confidentJoint(probabilities: ShapedArray, given: ArrayLike<LabelValue>): ConfidentJoint {
  const { classes, size, labels } = readProbabilities(probabilities, given);
  const thresholds = classThresholds(probabilities, labels);
  const confident = confidentClasses(probabilities, thresholds);
  const counts = new Int32Array(classes * classes);
  const labelled = new Int32Array(classes);
  for (let i = 0; i < size; i++) {
    const y = labels[i] as number;
    labelled[y]! += 1;
    if (confident[i]! >= 0) counts[y * classes + confident[i]!]! += 1;
  }
  const calibrated = new Float64Array(classes * classes);
  for (let i = 0; i < classes; i++) {
    const row = counts.subarray(i * classes, (i + 1) * classes);
    const total = row.reduce((sum, count) => sum + count, 0);
    if (total === 0) calibrated[i * classes + i] = labelled[i]!;
    // The product first: it is exact, and so is a count that comes out whole or halfway.
    else row.forEach((count, j) => (calibrated[i * classes + j] = (count * labelled[i]!) / total));
  }
  return { classes, thresholds, counts, calibrated, joint: calibrated.map((count) => count / size) };
}

/** The class of which each example is confidently one; -1 where no probability reaches its threshold. */
export function confidentClasses({ data, shape }: ShapedArray, thresholds: Float64Array): Int32Array {
  const [size = 0, classes = 0] = shape;
  return Int32Array.from({ length: size }, (_, i) => {
    let best = -1;
    for (let c = 0; c < classes; c++) {
      const p = data[i * classes + c] as number;
      // False for the NaN of a class without examples.
      const isConfident = p >= Math.max(thresholds[c]!, 2 * margin) - margin;
      if (isConfident && (best === -1 || p > (data[i * classes + best] as number))) best = c;
    }
    return best;
  });
}

/** Checks probabilities and labels against each other. */
export function readProbabilities(
  probabilities: ShapedArray,
  given: ArrayLike<LabelValue>,
  classNames?: readonly string[],
): {
  readonly size: number;
  readonly classes: number;
  readonly labels: Int32Array;
  readonly at: (example: number, c: number) => number;
} {
  requireShaped('The probabilities', probabilities);
  requireArray('The labels', given);
  const { data, shape } = probabilities;
  const [size = 0, classes = 0] = shape;
  if (shape.length !== 2 || classes < 2 || size === 0 || data.length !== size * classes || given.length !== size) {
    throw new VogError(
      'INPUT_SHAPE',
      `Probabilities have shape [${shape.join(', ')}] with ${data.length} values, for ${given.length} labels. ` +
        'Give [N, classes], N and classes of at least 1 and 2, and N labels.',
    );
  }
  const { labels, classNames: names } = encodeLabels(given, {
    where: 'The labels',
    ...(classNames === undefined ? {} : { classNames }),
  });
  if (names !== null && names.length !== classes) {
    throw new VogError(
      'LABEL_INVALID',
      `The labels name ${names.length} classes, ${names.slice(0, 5).join(', ')}; the probabilities are of ${classes}. ` +
        'Give all names in the order of the probabilities: classNames of labelIssues, or indices instead of names.',
    );
  }
  for (const [i, label] of labels.entries()) {
    if (label < classes) continue;
    throw new VogError('LABEL_INVALID', `Label ${label} of example ${i} is not a class from 0 to ${classes - 1}.`);
  }
  for (let k = 0; k < data.length; k++) {
    const p = data[k] as number;
    if (!(p >= 0 && p <= 1 + 1e-6)) {
      throw new VogError(
        'INPUT_NOT_FINITE',
        `Probability ${p} of example ${Math.floor(k / classes)}, class ${k % classes}, does not lie in [0, 1]. ` +
          'Take a checkpoint first, and pass probabilities, not logits.',
      );
    }
  }
  return { size, classes, labels, at: (example, c) => data[example * classes + c] as number };
}
