export { declareOptions, type Declaration, type DeclarationRules } from './declaration.js';
export {
  anyOf,
  atLeast,
  between,
  callable,
  finite,
  flag,
  integer,
  layerName,
  listOf,
  oneOf,
  positive,
  positiveShare,
  share,
  text,
} from './entries.js';
export { fits, Option, type Presence } from './option.js';
export { identityOf, type Identity } from './identity.js';
export { type OptionRow, rowsOf } from './rows.js';
export type { Entries, InputOf, ResolvedOf, ValueOf } from './types.js';
