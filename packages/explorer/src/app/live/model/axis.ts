/** An axis of a chart, and its ticks. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** Equal steps are equal factors. */
  readonly isLog: boolean;
}

/** Between ticks: 1, 2 or 5 times a power of ten. */
function niceStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) as number);
}

/** An axis that holds all values; a logarithmic one where all are above 0 and far apart. Null without values. */
export function axisOf(values: readonly number[], wantsLog = false): Axis | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return null;
  if (wantsLog && low > 0 && high / low > 50) {
    const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    const step = Math.ceil((last - first) / 5);
    const ticks = [];
    for (let power = first; power <= last; power += step) ticks.push(10 ** power);
    return { low: 10 ** first, high: 10 ** last, ticks, isLog: true };
  }
  if (low === high) {
    const room = low === 0 ? 1 : Math.abs(low) / 10;
    [low, high] = [low - room, high + room];
  }
  const step = niceStep(high - low, 3);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const ticks = [];
  // By whole numbers, so that no tick is 0.30000000000000004.
  for (let at = first; at <= last; at++) ticks.push(Number((at * step).toPrecision(12)));
  return { low: first * step, high: last * step, ticks, isLog: false };
}

/** Where a value lies, 0 at the bottom and 1 at the top; outside it is put at the end. */
export function placeOn({ low, high, isLog }: Axis, value: number): number {
  const place = isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, place));
}

/** Epochs to write below a chart: the first, the last, and round ones between that are not too near to them. */
export function epochTicks(from: number, to: number): number[] {
  if (from === to) return [from];
  const step = Math.max(1, niceStep(to - from, 5));
  const ticks = [from];
  for (let at = Math.ceil(from / step) * step; at < to; at += step) {
    if (at - from >= 0.6 * step && to - at >= 0.6 * step) ticks.push(at);
  }
  return [...ticks, to];
}
