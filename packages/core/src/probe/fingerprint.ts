import { hashIntegers, hashStrings } from '@vogjs/base';
import { classesIfAny } from '../labels/labels.js';
import type { Probe } from './probe.js';

/** Identity of a probe: what a saved state must agree with. */
export interface ProbeFingerprint {
  readonly size: number;
  readonly shapes: readonly (readonly number[])[];
  readonly labels: string | null;
  readonly ids: string;
}

/** The identity of a probe whose labels have been read. */
export function fingerprintOf({ size, inputShapes, ids, given }: Probe): ProbeFingerprint {
  return {
    size,
    shapes: inputShapes,
    // Of the labels as given: a state may be loaded before the model tells its task.
    labels: given === null ? null : hashIntegers(classesIfAny(given) ?? bitsOf(given.data)),
    ids: hashStrings(ids.map(String)),
  };
}

/** The numbers as integers that tell any two of them apart. */
function bitsOf(data: Float64Array): Int32Array {
  return new Int32Array(Float64Array.from(data).buffer);
}
