/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type ExplorerErrorCode =
  | 'PAGE_UNBUILT' // the explorer's page is neither there nor can be built
  | 'PORT_TAKEN'; // another program listens on the port

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<ExplorerErrorCode, '@vogjs/explorer'> {}
}
