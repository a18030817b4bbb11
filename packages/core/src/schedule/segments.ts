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
 * A stretch of training whose checkpoints share one state. Windows that overlap are cut where one of them begins or ends,
 * so that no checkpoint is counted twice: a window is its stretches, merged. A gap, which no window names, is a segment
 * of its own, so that merging all segments in order is merging in time.
 */
export interface Segment {
  /** The window's name; those of several, joined by '+'; 'gap-…' where there is none. */
  readonly name: string;
  readonly range: TrainingRange;
  /** Names of the windows that it is a part of, by their starts. */
  readonly windows: readonly string[];
}

/** Segments in time order; without windows the single segment 'complete'. */
export function segmentsOf(windows: Windows, totalEpochs?: number): Segment[] {
  const sorted = Object.entries(windows).toSorted(([, a], [, b]) => a.from - b.from);
  const unit = sorted[0]?.[1].unit;
  if (unit === undefined) {
    return [{ name: COMPLETE, range: { unit: 'epochs', from: 0, to: Number.POSITIVE_INFINITY }, windows: [COMPLETE] }];
  }
  const end =
    unit === 'fraction' ? 1 : unit === 'epochs' ? (totalEpochs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const bounds = sorted.flatMap(([, range]) => [range.from, range.to]);
  const last = Math.max(end, ...bounds);
  const segments: Segment[] = [];
  const seen = new Map<string, number>();
  let from = 0;
  for (const to of [...bounds, last].toSorted((a, b) => a - b)) {
    if (!(to > from + SLACK)) continue;
    const over = sorted.filter(([, range]) => range.from <= from + SLACK && range.to >= to - SLACK);
    const names = over.map(([name]) => name);
    const name = names.join('+') || `gap-${segments.length}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    // A window within another leaves that one in two stretches of one name.
    segments.push({ name: times > 1 ? `${name}#${times}` : name, range: { unit, from, to }, windows: names });
    from = to;
  }
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

/** Refuses windows that mix units or take a reserved name. They may overlap. */
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
  const [first] = entries;
  const other = entries.find(([, { unit }]) => unit !== first?.[1].unit);
  if (first === undefined || other === undefined) return;
  throw new VogError(
    'ARGUMENT_INVALID',
    `Windows '${first[0]}' (${first[1].unit}) and '${other[0]}' (${other[1].unit}) use different units. Give all windows in one unit.`,
  );
}
