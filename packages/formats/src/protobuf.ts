// Protocol buffers, written field by field.
export type { FormatsErrorCode } from './error-codes.js';
export { double, doubles, float, integer, joined, message, text, varint } from './protobuf/wire.js';
