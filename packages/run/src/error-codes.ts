/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type RunErrorCode =
  | 'RUN_ABSENT' // there is no run at this place, or it has no such file
  | 'RUN_EXISTS' // a run is there already, and was not to be replaced
  | 'RUN_INVALID' // a file of a run is damaged, or contradicts another
  | 'RUN_VERSION' // a run of a newer version
  | 'STORAGE_ABSENT' // a bucket or a file that is not there, or was replaced while it was read
  | 'STORAGE_ADDRESS' // an address, an endpoint or a region of a storage that cannot be
  | 'STORAGE_CREDENTIALS' // keys of a storage that are missing, unknown or expired
  | 'STORAGE_DAMAGED' // bytes that were lost or changed on their way to or from a storage
  | 'STORAGE_FORBIDDEN' // a bucket that these keys may not read or write
  | 'STORAGE_FULL' // a storage that is full, or whose quota is used up
  | 'STORAGE_REFUSED' // a storage that does not do what is needed of S3
  | 'STORAGE_UNREACHABLE'; // a storage that does not answer, or fails each time

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<RunErrorCode, '@vogjs/run'> {}
}
