// Protocol buffers, written field by field.
export { double, doubles, float, integer, joined, message, text, varint } from './protobuf/wire.js';
