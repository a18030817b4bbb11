import { refuseUnknownKeys, VogError } from '@vogjs/base';
import type { Position } from './position.js';

/** A half-open stretch of training, in epochs, steps or fractions of the whole run. */
export interface TrainingRange {
  readonly unit: 'epochs' | 'steps' | 'fraction';
  readonly from: number;
  readonly to: number;
}

/** Rounding guard for fractions such as 5 / 15 against 1 / 3. */
const FRACTION_SLACK = 1e-9;

/** Epochs `from` (included) to `to` (excluded), by index from 0: `epochs(0, 5)` is the first five. */
export function epochs(from: number, to: number): TrainingRange {
  return range('epochs', from, to);
}

/** Optimizer steps after `from` up to and including `to`: `steps(0, 100)` is the first hundred batches. */
export function steps(from: number, to: number): TrainingRange {
  return range('steps', from, to);
}

/**
 * `count` stages of equal length over the whole run, as windows: `early`, `middle`, `late` for 3 (seed, section A),
 * `early`, `late` for 2, else `stage1` to `stageN`. Needs a run of known length.
 */
export function stages(count: number): Record<string, TrainingRange> {
  if (!Number.isInteger(count) || count < 2) {
    throw new VogError('ARGUMENT_INVALID', `stages(${count}): the number of stages must be an integer of 2 or more.`);
  }
  const names = count === 2 ? ['early', 'late'] : count === 3 ? ['early', 'middle', 'late'] : undefined;
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      names?.[i] ?? `stage${i + 1}`,
      range('fraction', i / count, (i + 1) / count),
    ]),
  );
}

function range(unit: TrainingRange['unit'], from: number, to: number): TrainingRange {
  if (typeof from !== 'number' || typeof to !== 'number' || !(from >= 0 && to > from)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${unit}(${from}, ${to}): a range needs 0 <= from < to. Give the start first; the end is not part of it.`,
    );
  }
  return { unit, from, to };
}

/** Refuses what is no range, made by hand or not. */
export function checkRange(where: string, given: unknown): asserts given is TrainingRange {
  const { unit, from, to } = (typeof given === 'object' && given !== null ? given : {}) as Partial<TrainingRange>;
  if (unit !== 'epochs' && unit !== 'steps' && unit !== 'fraction') {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${where} needs a range. Make one with epochs(0, 5), steps(0, 100) or stages(3).`,
    );
  }
  refuseUnknownKeys(where, given as object, ['unit', 'from', 'to']);
  range(unit, from as number, to as number);
}

/** Whether a checkpoint taken at `position` belongs to `range`. */
export function contains(range: TrainingRange, position: Position): boolean {
  switch (range.unit) {
    case 'epochs':
      return position.epoch >= range.from && position.epoch < range.to;
    case 'steps':
      return position.step > range.from && position.step <= range.to;
    case 'fraction': {
      // A checkpoint closes the stretch of training before it, so the interval is open at its start.
      const progress = position.progress ?? Number.NaN;
      return progress > range.from + FRACTION_SLACK && progress <= range.to + FRACTION_SLACK;
    }
  }
}
