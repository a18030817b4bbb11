/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type OodErrorCode =
  | 'DETECTOR_DUPLICATE' // two detectors of one call share a name
  | 'DETECTOR_FAILED' // a detector threw or returned something impossible
  | 'DETECTOR_INVALID' // a detector's definition is incomplete or contradictory
  | 'DETECTOR_NOT_FITTED' // scores were asked of a detector that has to be fitted first
  | 'MODEL_MISMATCH'; // a fitted detector met other weights or other preprocessing than it was fitted with

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<OodErrorCode, '@vogjs/ood'> {}
}
