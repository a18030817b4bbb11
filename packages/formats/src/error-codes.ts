/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type FormatsErrorCode =
  | 'DISK_FULL' // not enough disk space for what was asked
  | 'FILE_FAILED' // a file that the system does not let us read or write
  | 'FORMAT_INVALID' // a file is not in the format it should be in
  | 'FORMAT_TRUNCATED' // a file ends before its header says it should
  | 'FORMAT_UNSUPPORTED'; // a valid file of a kind that is not supported

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<FormatsErrorCode, '@vogjs/formats'> {}
}
