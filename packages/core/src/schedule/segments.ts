import { VogError } from '@vogjs/base';
import type { Position } from './position.js';
import { checkRange, contains, type TrainingRange } from './ranges.js';

/** Named windows over the checkpoints of one run. */
export type Windows = Readonly<Record<string, TrainingRange>>;

/** The name of the window of all checkpoints. */
export const COMPLETE = 'complete';

/** Rounding guard for fractions such as 1/3 + 1/3 + 1/3. */
const SLACK = 1e-9;

/**
 * A stretch of training whose checkpoints share one state: a named window, or a gap that no window names and that only
 * 'complete' reads. Gaps are segments of their own, so that merging all segments in order is merging in time.
 */
export interface Segment {
  readonly name: string;
  readonly range: TrainingRange;
  readonly named: boolean;
}

/** Segments in time order; without windows the single segment 'complete'. */
export function segmentsOf(windows: Windows, totalEpochs?: number): Segment[] {
  const sorted = Object.entries(windows).toSorted(([, a], [, b]) => a.from - b.from);
  const unit = sorted[0]?.[1].unit;
  if (unit === undefined) {
    return [{ name: COMPLETE, range: { unit: 'epochs', from: 0, to: Number.POSITIVE_INFINITY }, named: true }];
  }
  const segments: Segment[] = [];
  let end = 0;
  const addGap = (to: number): void => {
    if (to > end + SLACK)
      segments.push({ name: `gap-${segments.length}`, range: { unit, from: end, to }, named: false });
  };
  for (const [name, range] of sorted) {
    addGap(range.from);
    segments.push({ name, range, named: true });
    end = range.to;
  }
  addGap(
    unit === 'fraction' ? 1 : unit === 'epochs' ? (totalEpochs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
  );
  return segments;
}

/** The segment that a checkpoint at `position` belongs to. */
export function segmentAt(segments: readonly Segment[], position: Position): Segment {
  const only = segments[0];
  if (segments.length === 1 && only?.name === COMPLETE) return only;
  // A stretch is open at its start, so a checkpoint before the first step lies in none: it belongs to the first.
  const atStart = position.step === 0 && position.epochsCompleted === 0;
  const segment = segments.find((candidate) => contains(candidate.range, position)) ?? segments.at(atStart ? 0 : -1);
  if (segment === undefined) throw new Error('unreachable: a run has at least one segment');
  return segment;
}

/** Refuses windows that overlap, mix units or take a reserved name: one checkpoint belongs to one window. */
export function checkWindows(windows: Windows): void {
  // { __proto__: epochs(0, 5) } names no window: it sets the prototype.
  const prototype: unknown =
    typeof windows === 'object' && windows !== null ? Object.getPrototypeOf(windows) : undefined;
  if (prototype !== null && (prototype === undefined || Object.getPrototypeOf(prototype) !== null)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'windows must be a plain object of ranges by name, such as stages(3) or { early: epochs(0, 5) }.',
    );
  }
  const entries = Object.entries(windows);
  for (const [name, range] of entries) {
    if (name === COMPLETE || name.startsWith('gap-') || !/^[\w.-]+$/.test(name)) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `A window cannot be named '${name}': use letters, digits, '.', '-' and '_'. '${COMPLETE}' and 'gap-…' are taken.`,
      );
    }
    if (typeof range !== 'object' || range === null || !('unit' in range)) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `Window '${name}' is not a range. Make one with epochs(0, 5), steps(0, 100) or stages(3).`,
      );
    }
    checkRange(`Window '${name}'`, range);
  }
  const sorted = entries.toSorted(([, a], [, b]) => a.from - b.from);
  for (const [i, [name, range]] of sorted.entries()) {
    const next = sorted[i + 1];
    if (next === undefined) break;
    const [nextName, nextRange] = next;
    if (range.unit !== nextRange.unit) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `Windows '${name}' (${range.unit}) and '${nextName}' (${nextRange.unit}) use different units. Give all windows in one unit.`,
      );
    }
    if (nextRange.from < range.to - SLACK) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `Windows '${name}' (to ${range.to}) and '${nextName}' (from ${nextRange.from}) overlap. Windows are disjoint: end one where the next starts.`,
      );
    }
  }
}
