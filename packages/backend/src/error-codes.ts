/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type BackendErrorCode =
  | 'BACKEND_UNAVAILABLE' // a TensorFlow.js backend that was asked for cannot be used
  | 'DEVICE_FAILED' // a device reported an error that is no exception: results since then are not to be trusted
  | 'GRADIENT_UNSUPPORTED'; // an operation whose gradient is known to be missing or wrong on this backend

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<BackendErrorCode, '@vogjs/backend'> {}
}
