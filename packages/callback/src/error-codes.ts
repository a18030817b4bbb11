/** Codes of the errors that start in this package; docs/errors.md says what to do about each. */
export type CallbackErrorCode =
  | 'CALLBACK_BUSY' // a tracker that another fit is driving
  | 'CALLBACK_MIX' // a callback that tfjs gave no model, as when two copies of tfjs are loaded
  | 'CURRICULUM_STALLED'; // an epoch's order was asked again, or still in use, although training should have moved on

declare module '@vogjs/base' {
  interface ErrorCodes extends Record<CallbackErrorCode, '@vogjs/callback'> {}
}
