// The right values of a case: the same network in float64, its input gradients by differences that know no gradient code.
import { seededRandom } from '@vogjs/base';
import { logitsOf } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import type { Case, Output } from './generate.js';
import { seededModel } from './network.js';

/** Slopes of one example along one direction, at the point and at points so near that float32 cannot tell them apart. */
interface Slope {
  readonly example: number;
  readonly input: number;
  /** Entries of the direction that are not 0: [coordinate, component]. */
  readonly direction: readonly (readonly [number, number])[];
  /** Smallest and largest slope met. Equal, but for curvature, where the function is smooth. */
  readonly least: number;
  readonly most: number;
}

export interface Reference {
  readonly predicted: readonly number[];
  /** Null where the packages refuse. */
  readonly logits: readonly number[] | null;
  /** -log of the label's probability, from the prediction alone. */
  readonly losses: readonly number[];
  /** Largest change of the output within the rounding of float32, for each example. */
  readonly wobble: readonly number[];
  readonly slopes: { readonly logit: readonly Slope[]; readonly loss: readonly Slope[] };
  /** Entries of masked steps, which no difference can reach, by input and coordinate: [input, flat index]. */
  readonly frozen: readonly (readonly [number, number])[];
}

const STEP = 1e-7;
const RADIUS = 1e-5;
const COORDINATES = 8;
/** Sides of one entry: the others of its input all up (0) or all down (1), it above, below or between them and still. */
const SIDES = [0, 1].flatMap((others) => [1.25, -1.25, 0].map((own) => ({ others, own })));

/** Channels whose signs are tried in every combination; those beyond take turns. */
const SIGNED = 3;
/**
 * Neighbours where each channel lies on one side of 0, in every combination, and its first, its last or any of its
 * entries is the largest: where kinks lie on ties (a max pool over PReLU at 0), these are the sides that can be taken.
 */
const SIGNS = Array.from({ length: 2 ** SIGNED }, (_, signs) => signs).flatMap((signs) =>
  (['first', 'last', 'any', 'any'] as const).map((largest) => ({ signs, largest })),
);
/** Neighbours drawn without any order. */
const ANYHOW = Array.from({ length: 12 }, () => 4);

/** -log p of the label from one row of the model's own output. */
export function lossOf(row: readonly number[], label: number, output: Output): number {
  if (output === 'logSoftmax') return -row[label]!;
  if (output === 'sigmoid') return -Math.log(label === 1 ? row[0]! : 1 - row[0]!);
  if (output === 'softmax') return -Math.log(row[label]!);
  const largest = Math.max(...row);
  return largest + Math.log(row.reduce((sum, z) => sum + Math.exp(z - largest), 0)) - row[label]!;
}

interface Move {
  readonly example: number;
  readonly input: number;
  readonly direction: readonly (readonly [number, number])[];
}

/** Computes the reference; only right where `float64.mjs` was loaded first. */
export function referenceOf(example: Case): Reference {
  const model = seededModel(example.network, example.seed);
  try {
    return new Oracle(model, example).reference();
  } finally {
    model.dispose();
  }
}

class Oracle {
  readonly #logits: ((inputs: tf.Tensor[]) => tf.Tensor) | null;
  readonly #sizes: number[];
  readonly #random;
  readonly #frozen: Set<string>;

  constructor(
    readonly model: tf.LayersModel,
    readonly example: Case,
  ) {
    this.#sizes = example.batches.map((batch) => batch.length / example.labels.length);
    this.#random = seededRandom(example.seed + 1);
    this.#frozen = new Set(this.#maskedEntries().map(([input, at]) => `${input} ${at}`));
    try {
      this.#logits = logitsOf(model);
    } catch {
      this.#logits = null;
    }
  }

  reference(): Reference {
    const { example } = this;
    const rows = example.labels.map((_, i) => ({ example: i, values: this.#values(i) }));
    const still = this.#evaluate(rows);
    const near = rows.flatMap(({ example: i, values }) => [0, 1, 2, 3].map((kind) => ({ example: i, values: this.#nearby(values, i, kind) }))); // prettier-ignore
    const beside = this.#evaluate(near);
    const wobble = rows.map(
      (_, i) =>
      Math.max(0, ...[0, 1, 2, 3].flatMap((k) => (beside.logits ?? beside.outputs)[4 * i + k]!.map((value, c) => Math.abs(value - (still.logits ?? still.outputs)[i]![c]!)))), // prettier-ignore
    );
    const differentiable = example.network.inputs.every(({ dtype }) => dtype !== 'int32');
    return {
      predicted: still.outputs.flat(),
      logits: still.logits?.flat() ?? null,
      losses: still.losses,
      wobble,
      slopes: differentiable ? this.#slopes() : { logit: [], loss: [] },
      frozen: [...this.#frozen].map((key) => key.split(' ').map(Number) as [number, number]),
    };
  }

  /** All inputs of an example. */
  #values(i: number): number[][] {
    return this.example.batches.map((batch, input) =>
      batch.slice(i * this.#sizes[input]!, (i + 1) * this.#sizes[input]!),
    );
  }

  #maskedEntries(): [number, number][] {
    const { masked, network, batches } = this.example;
    if (!masked) return [];
    const width = network.inputs[0]!.shape.at(-1)!;
    return batches[0]!.flatMap((_, at): [number, number][] => {
      const first = at - (at % width);
      return batches[0]!.slice(first, first + width).every((value) => value === 0) ? [[0, at]] : [];
    });
  }

  #isFrozen(input: number, i: number, coordinate: number): boolean {
    return this.#frozen.has(`${input} ${i * this.#sizes[input]! + coordinate}`);
  }

  /**
   * A point within float32's rounding: all up (0), all down (1), falling (2) or rising (3) along the input, or anyhow.
   * Falling makes the first of equals the largest. Token ids and masked steps stay.
   */
  #nearby(
    values: number[][],
    i: number,
    kind: number | (typeof SIGNS)[number],
    own?: { input: number; at: number; by: number },
  ): number[][] {
    return values.map((all, input) => {
      if (this.example.network.inputs[input]!.dtype === 'int32') return all;
      const radius = RADIUS * (1 + Math.max(...all.map(Math.abs)));
      const width = this.example.network.inputs[input]!.shape.at(-1)!;
      const moveOf = (at: number): number => {
        if (typeof kind === 'object') {
          const isUp = ((kind.signs >> ((at % width) % SIGNED)) & 1) === 1;
          const rank = { first: at, last: all.length - 1 - at, any: all.length * this.#random.uniform() }[kind.largest];
          return isUp ? 1 - (0.9 * rank) / all.length : -0.1 - (0.9 * rank) / all.length;
        }
        if (own !== undefined && own.input === input && own.at === at) return own.by;
        const noise = this.#random.uniform();
        const fall = 1 - (2 * at + noise) / all.length;
        return [0.5 + noise / 2, -0.5 - noise / 2, fall, -fall][kind] ?? 2 * noise - 1;
      };
      return all.map((value, at) => (this.#isFrozen(input, i, at) ? value : value + radius * moveOf(at)));
    });
  }

  /** Output, logits and loss of any number of rows. */
  #evaluate(rows: readonly { example: number; values: number[][] }[]): {
    outputs: number[][];
    logits: number[][] | null;
    losses: number[];
  } {
    const { example, model } = this;
    const inputs = example.network.inputs.map(({ shape, dtype }, input) =>
      tf.tensor(
        rows.flatMap(({ values }) => values[input]!),
        [rows.length, ...shape],
        dtype ?? 'float32',
      ),
    );
    const split = (tensor: tf.Tensor): number[][] => {
      const flat = Array.from(tensor.dataSync());
      tensor.dispose();
      const width = flat.length / rows.length;
      return rows.map((_, row) => flat.slice(row * width, (row + 1) * width));
    };
    const outputs = split(model.predict(inputs, { batchSize: rows.length }) as tf.Tensor);
    const logits = this.#logits === null ? null : split(this.#logits(inputs));
    tf.dispose(inputs);
    const losses = outputs.map((row, r) => lossOf(row, example.labels[rows[r]!.example]!, example.output));
    return { outputs, logits, losses };
  }

  #directions(): Move[] {
    const { example } = this;
    const random = this.#random;
    return example.labels.flatMap((_, i) =>
      example.network.inputs.flatMap(({ shape }, input) => {
        const size = this.#sizes[input]!;
        const free = Array.from({ length: size }, (_, at) => at).filter((at) => !this.#isFrozen(input, i, at));
        const chosen = [...random.shuffle(free.length)].slice(0, COORDINATES).map((k) => free[k]!);
        const width = shape.at(-1)!;
        const channel = random.integer(width);
        const values = this.#values(i)[input]!;
        const directions = [
          ...chosen.map((at) => [[at, 1] as const]),
          // Everything moves together: what is tied stays tied.
          free.map((at) => [at, 1] as const),
          free.filter((at) => at % width === channel).map((at) => [at, 1] as const),
          free.filter((at) => values[at] !== 0).map((at) => [at, Math.sign(values[at]!)] as const),
        ];
        return directions
          .filter((entries) => entries.length > 0)
          .map((direction) => ({ example: i, input, direction }));
      }),
    );
  }

  #slopes(): Reference['slopes'] {
    const moves = this.#directions();
    const bounds = { logit: moves.map(emptyRange), loss: moves.map(emptyRange) };
    this.#widen(
      moves,
      moves.map((_, m) => m),
      [-1, 0, 1, 2],
      bounds,
    );
    // A kink is near where slopes differ: more points there, so that no side of it is missed.
    const kinked = moves.map((_, m) => m).filter((m) => [bounds.logit[m]!, bounds.loss[m]!].some(({ least, most }) => most - least > 1e-4 * (1e-3 + Math.abs(most) + Math.abs(least)))); // prettier-ignore
    if (kinked.length > 0)
      this.#widen(moves, kinked, [0, 1, 2, 3, ...Array.from({ length: 12 }, () => 4), ...SIGNS], bounds);
    // Of equals only one is met as the largest at each point: an entry beside a kink has its own turn.
    const beside = new Set(kinked.map((m) => moves[m]!.example));
    const alone = moves.flatMap((move, m) => (beside.has(move.example) && move.direction.length === 1 ? [m] : []));
    if (alone.length > 0) this.#widen(moves, alone, [...SIDES, ...SIGNS, ...ANYHOW], bounds);
    const slopes = (ranges: readonly Range[]): Slope[] => moves.map((move, m) => ({ ...move, ...ranges[m]! }));
    return { logit: this.#logits === null ? [] : slopes(bounds.logit), loss: slopes(bounds.loss) };
  }

  /** Slopes at each kind of neighbour; kind -1 is the point itself, from both sides. */
  #widen(
    moves: readonly Move[],
    chosen: readonly number[],
    kinds: readonly (number | (typeof SIDES | typeof SIGNS)[number])[],
    bounds: Record<'logit' | 'loss', Range[]>,
  ): void {
    const rows: { example: number; values: number[][] }[] = [];
    const spans: { m: number; low: number; high: number; h: number }[] = [];
    for (const m of chosen) {
      const { example: i, input, direction } = moves[m]!;
      const values = this.#values(i);
      const h = STEP * (1 + Math.max(...values[input]!.map(Math.abs)));
      for (const kind of kinds) {
        const own = { input, at: direction[0]![0] };
        const at =
          typeof kind === 'object' && 'others' in kind
            ? this.#nearby(values, i, kind.others, { ...own, by: kind.own })
            : kind === -1
              ? values
              : this.#nearby(values, i, kind);
        const moved = (step: number): number => {
          const there = at.map((all) => [...all]);
          for (const [coordinate, component] of direction) there[input]![coordinate]! += step * component;
          return rows.push({ example: i, values: there }) - 1;
        };
        if (kind === -1) {
          const centre = moved(0);
          spans.push({ m, low: moved(-h), high: centre, h }, { m, low: centre, high: moved(h), h });
        } else spans.push({ m, low: moved(-h / 2), high: moved(h / 2), h });
      }
    }
    const { logits, losses } = this.#evaluate(rows);
    for (const { m, low, high, h } of spans) {
      const label = this.example.labels[moves[m]!.example]!;
      bounds.loss[m] = widened(bounds.loss[m]!, (losses[high]! - losses[low]!) / h);
      if (logits !== null)
        bounds.logit[m] = widened(bounds.logit[m]!, (logits[high]![label]! - logits[low]![label]!) / h);
    }
  }
}

interface Range {
  readonly least: number;
  readonly most: number;
}
const emptyRange = (): Range => ({ least: Infinity, most: -Infinity });
const widened = ({ least, most }: Range, value: number): Range => ({
  least: Math.min(least, value),
  most: Math.max(most, value),
});
