/** Codes of errors that any package may throw. */
export type BaseErrorCode =
  | 'ARGUMENT_INVALID' // an argument has the wrong type or value
  | 'IDS_DUPLICATE' // two examples share an id
  | 'IDS_UNKNOWN' // an id that no example has
  | 'INPUT_NOT_FINITE' // NaN or infinity in the inputs
  | 'INPUT_SHAPE' // a tensor or array has the wrong shape
  | 'LABEL_INVALID' // a label is out of range, fractional, or not one-hot
  | 'PROBE_MISMATCH'; // a state, chunk or list that belongs to another probe

/**
 * Every code that the packages of a program bring, with the package that declares it. A package adds its own:
 * `declare module '@vogjs/base' { interface ErrorCodes extends Record<ItsErrorCode, 'its name'> {} }`. Two packages
 * cannot declare one code: the value's types would differ.
 */
export interface ErrorCodes extends Record<BaseErrorCode, '@vogjs/base'> {}

/** A code of somebody's own: the plugin's or package's name, a slash, and a word, as in `my-metric/NO_MASK`. */
export type OwnErrorCode = `${string}/${string}`;

/** What went wrong, as a stable word that programs can test. The message is for people and may change. */
export type ErrorCode = keyof ErrorCodes | OwnErrorCode;
