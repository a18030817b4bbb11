// Whether an answer is right: compares what the packages say in float32 with the float64 reference.
import type { Case } from './generate.js';
import { type Activation, type Answer, isRefusal, type Refusal } from './product.js';
import { lossOf, type Reference } from './reference.js';

/** What is wrong. A shrunken network must fail in the same kind. */
export interface Fault {
  readonly kind:
    | 'predict'
    | 'logits'
    | 'loss'
    | 'gradient'
    // A gradient outside the slopes met beside a kink. Of two kinks on one tie the chain rule may take a side of each that
    // no neighbour has at once: one network in some 700.
    | 'kink'
    | 'collected'
    | 'masked gradient'
    | 'refusal'
    | 'not refused';
  readonly text: string;
}

export interface Verdict {
  readonly faults: readonly Fault[];
  /** Slopes compared exactly, and slopes beside a kink, where any value between its sides passes. */
  readonly smooth: number;
  readonly kinked: number;
  /** Entries of masked steps, and losses that float64 cannot hold. */
  readonly exempted: number;
}

/** Of the steepest slope, what float32 may miss. */
const TOLERANCE = 2e-3;
const FORWARD = 1e-4;
/** Below this share of the input's scale a slope is float32's noise. */
const NOISE = 3e-6;
/** Above it float64 has a probability in steps too coarse for a slope, e^-708 to 0. */
const DENORMAL = 700;

export function judge(example: Case, answer: Answer, reference: Reference): Verdict {
  const faults: Fault[] = [];
  const fault = (kind: Fault['kind'], text: string): void => void faults.push({ kind, text });
  const size = example.labels.length;
  const rowsOf = (values: ArrayLike<number>): number[][] => {
    const width = values.length / size;
    return example.labels.map((_, i) => Array.from(values).slice(i * width, (i + 1) * width));
  };
  const counts = { smooth: 0, kinked: 0, exempted: 0 };

  for (const [i, row] of rowsOf(answer.predicted).entries()) {
    const right = rowsOf(reference.predicted)[i]!;
    const allowed = FORWARD * (1 + Math.max(...right.map(Math.abs))) + 3 * reference.wobble[i]!;
    const worst = row.findIndex((value, c) => !(Math.abs(value - right[c]!) <= allowed));
    if (worst >= 0) fault('predict', `example ${i} (${example.kinds[i]}): model.predict gives ${shown(row)}, in float64 ${shown(right)}`); // prettier-ignore
  }
  if (isRefusal(answer.logits)) refused(example, 'logits', answer.logits, fault);
  else {
    if (example.refuses.includes('LOGITS_UNRESOLVED')) fault('not refused', 'logitsOf gives logits of probabilities that have none'); // prettier-ignore
    judgeLogits(example, answer.logits, reference, rowsOf, fault, counts);
  }
  for (const [input, byActivation] of answer.gradients.entries()) {
    for (const activation of ['logit', 'loss'] as const) {
      const found = byActivation[activation];
      if (isRefusal(found)) refused(example, `gradient of the ${activation}`, found, fault);
      else judgeGradient(example, input, activation, found, reference, fault, counts);
    }
  }
  const { collected } = answer;
  const direct = answer.gradients[0]?.loss;
  if (collected !== null && direct !== undefined) {
    if (isRefusal(collected)) refused(example, 'collectResources', collected, fault);
    else if (!isRefusal(direct)) {
      const scale = direct.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
      const at = collected.findIndex((value, k) => !(Math.abs(value - direct[k]!) <= 1e-4 * scale));
      if (at >= 0 && Number.isFinite(direct[at]!)) fault('collected', `entry ${at} of the loss gradient is ${collected[at]} by collectResources and ${direct[at]} by inputGradientOf`); // prettier-ignore
    }
  }
  return { faults, ...counts };
}

type Report = (kind: Fault['kind'], text: string) => void;

function refused(example: Case, what: string, { code, message }: Refusal, fault: Report): void {
  if (code === null) fault('refusal', `${what}: an error without a code: ${message}`);
  else if (!example.refuses.includes(code)) fault('refusal', `${what}: refused by ${code}: ${message}`);
}

function judgeLogits(
  example: Case,
  logits: Float32Array,
  reference: Reference,
  rowsOf: (values: ArrayLike<number>) => number[][],
  fault: Report,
  counts: { exempted: number },
): void {
  const right = reference.logits === null ? null : rowsOf(reference.logits);
  for (const [i, row] of rowsOf(logits).entries()) {
    const kind = example.kinds[i];
    const label = example.labels[i]!;
    const scale = Math.max(...row.map(Math.abs));
    const allowed = FORWARD * (1 + scale) + 3 * reference.wobble[i]!;
    if (right !== null && row.some((z, c) => !(Math.abs(z - right[i]![c]!) <= allowed))) {
      fault('logits', `example ${i} (${kind}): logits ${shown(row)}, in float64 ${shown(right[i]!)}`);
    }
    const loss = lossOf(row, label, 'linear');
    const known = reference.losses[i]!;
    // A probability that float64 rounds to 0, or from 1, says nothing of the logit any more.
    const isSaturated =
      !Number.isFinite(known) ||
      (example.output === 'sigmoid' && known > 25) ||
      (example.output === 'softmax' && known > DENORMAL);
    if (isSaturated) counts.exempted++;
    else if (!(Math.abs(loss - known) <= 2 * allowed)) {
      fault('loss', `example ${i} (${kind}): the loss by our logits is ${loss}, by model.predict ${known}`);
    }
  }
}

function judgeGradient(
  example: Case,
  input: number,
  activation: Activation,
  gradient: Float32Array,
  reference: Reference,
  fault: Report,
  counts: { smooth: number; kinked: number; exempted: number },
): void {
  const size = gradient.length / example.labels.length;
  const slopes = reference.slopes[activation].filter((slope) => slope.input === input);
  for (const [i, kind] of example.kinds.entries()) {
    const own = slopes.filter((slope) => slope.example === i);
    const largest = Math.max(...example.batches[input]!.slice(i * size, (i + 1) * size).map(Math.abs));
    const steepest = Math.max(0, ...own.filter(({ least, most }) => Number.isFinite(least + most)).map(({ least, most, direction }) => Math.max(Math.abs(least), Math.abs(most)) / Math.sqrt(direction.length))); // prettier-ignore
    const readable = { sigmoid: 12, softmax: DENORMAL, logSoftmax: Infinity, linear: Infinity }[example.output];
    for (const { direction, least, most } of own) {
      if (!Number.isFinite(least + most) || (activation === 'loss' && reference.losses[i]! > readable)) {
        counts.exempted++;
        continue;
      }
      const found = direction.reduce((sum, [at, component]) => sum + component * gradient[i * size + at]!, 0);
      const allowed = (TOLERANCE * steepest + NOISE * (1 + largest)) * Math.sqrt(direction.length);
      const isSmooth = most - least <= allowed;
      counts[isSmooth ? 'smooth' : 'kinked']++;
      // Several kinks at one point have more sides than were met: their width is allowed once more. Where everything
      // tied moves together the function is smooth, so a tie that is counted twice still has no room.
      const margin = allowed + (isSmooth ? 0 : most - least);
      if (!(found >= least - margin && found <= most + margin)) {
        const along =
          direction.length === 1 ? `entry ${direction[0]![0]}` : `${direction.length} entries moved together`;
        // Of equal inputs one alone moves: max(-max(x)) has slope 0 both ways there, and no chain rule knows it.
        const isTied = direction.length === 1 && ['constant', 'zero', 'tied'].includes(kind);
        fault(isSmooth && !isTied ? 'gradient' : 'kink', `example ${i} (${kind}), input ${input}, ${activation}, ${along}: ${found}, but the slope is ${least === most ? least : `${least} to ${most}`}`); // prettier-ignore
      }
    }
  }
  for (const [of, at] of reference.frozen) {
    if (of !== input) continue;
    counts.exempted++;
    if (gradient[at] !== 0)
      fault('masked gradient', `entry ${at} of a masked step has the gradient ${gradient[at]}, not 0`);
  }
}

const shown = (row: readonly number[]): string => `[${row.slice(0, 6).map((value) => +value.toPrecision(7)).join(', ')}${row.length > 6 ? ', …' : ''}]`; // prettier-ignore
