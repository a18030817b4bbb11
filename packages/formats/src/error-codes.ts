/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type FormatsErrorCode =
  | 'COLUMN_UNKNOWN' // a column name that the table does not have
  | 'DECODER_ABSENT' // a decoder that was asked for is not installed
  | 'DISK_FULL' // not enough disk space for what was asked
  | 'FILE_FAILED' // a file that the system does not let us read or write
  | 'FOLDER_EMPTY' // a folder without a picture
  | 'FOLDER_LAYOUT' // a folder whose subfolders are not classes
  | 'FORMAT_INVALID' // a file is not in the format it should be in
  | 'FORMAT_TRUNCATED' // a file ends before its header says it should
  | 'FORMAT_UNSUPPORTED' // a valid file of a kind that is not supported
  | 'IMAGE_BROKEN' // a picture that cannot be decoded, or too many of them
  | 'IMAGE_SIZES' // pictures of several sizes, and no size was asked for
  | 'LABELS_UNMATCHED' // a table of labels that has none for the examples
  | 'TABLE_INVALID' // a table that cannot be read as one
  | 'TARGET_INVALID'; // a target column that nothing can be learned from

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<FormatsErrorCode, '@vogjs/formats'> {}
}
