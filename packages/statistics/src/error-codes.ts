/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type StatisticsErrorCode = 'SAMPLE_TOO_SMALL'; // too few values for the statistic

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<StatisticsErrorCode, '@vogjs/statistics'> {}
}
