import type { Detector, DetectorState } from '../detectors/detector.js';

/** How inputs were made ready, as plain JSON. */
export type Preprocessing =
  | string
  | number
  | boolean
  | null
  | readonly Preprocessing[]
  | { readonly [key: string]: Preprocessing };

/** Detectors and what they learned, on the host: nothing to dispose. Made by `fitDetectors` or `loadDetectors`. */
export class FittedDetectors<Name extends string = string> {
  constructor(
    readonly detectors: readonly Detector<Name>[],
    /** What each detector learned, by its name; none for a detector that learns nothing. */
    readonly states: Readonly<Record<string, DetectorState>>,
    /** Hash of the weights of the model that they were fitted on; null for a function. */
    readonly modelFingerprint: string | null,
    /** How its inputs were made ready, as declared to `fitDetectors`. */
    readonly preprocessing: Preprocessing,
  ) {}
}
