/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type RunErrorCode =
  | 'RUN_ABSENT' // there is no run at this place, or it has no such file
  | 'RUN_EXISTS' // a run is there already, and was not to be replaced
  | 'RUN_INVALID' // a file of a run is damaged, or contradicts another
  | 'RUN_VERSION'; // a run of a newer version

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<RunErrorCode, '@vogjs/run'> {}
}
