import type { ChunkSource } from '@vogjs/core';
import type { Scaling } from '@vogjs/example-models';
import type { ScoredSet } from './sets.js';

const LENGTH = 32 * 32 * 3;

/** All sets, one after the other, as a model takes them. */
export interface SetsProbe {
  readonly inputs: ChunkSource;
  /** Where each set's examples begin, by key. */
  readonly starts: Readonly<Record<string, number>>;
}

/** Sets as one probe: scaled as they are read, since all of them as floats would take four times the memory. */
export function probeOf(sets: readonly ScoredSet[], scaling: Scaling): SetsProbe {
  const starts: Record<string, number> = {};
  let size = 0;
  for (const set of sets) {
    starts[set.key] = size;
    size += set.size;
  }
  const read = (start: number, end: number): Float32Array => {
    const values = new Float32Array((end - start) * LENGTH);
    for (const set of sets) {
      const first = starts[set.key] as number;
      const [from, to] = [Math.max(start, first), Math.min(end, first + set.size)];
      if (from >= to) continue;
      const part = set.pixels.subarray((from - first) * LENGTH, (to - first) * LENGTH);
      scaleInto(values.subarray((from - start) * LENGTH, (to - start) * LENGTH), part, scaling);
    }
    return values;
  };
  return { inputs: { size, shape: [32, 32, 3], read }, starts };
}

/** `(value - mean) / std`, channel by channel, the value in units of 0 to 1. */
function scaleInto(target: Float32Array, pixels: Uint8Array | Float32Array, { mean, std }: Scaling): void {
  const unit = pixels instanceof Uint8Array ? 255 : 1;
  for (let at = 0; at < target.length; at++) {
    const channel = at % 3;
    target[at] = ((pixels[at] as number) / unit - (mean[channel] as number)) / (std[channel] as number);
  }
}
