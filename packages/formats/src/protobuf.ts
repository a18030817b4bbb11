// Protocol buffers, written field by field.
export type { FormatsErrorCode } from './error-codes.js';
export { joined } from './bytes/joined.js';
export { double, doubles, float, integer, message, text, varint } from './protobuf/wire.js';
