// Writes TensorFlow's SavedModel in protocol buffers. A library for them weighs some 2 MB; a graph needs these five kinds
// of field. Numbers of fields: tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto and
// tensorflow/core/protobuf/{saved_model,meta_graph}.proto.

/** An attribute's value, by its kind in attr_value.proto. */
export type AttributeValue =
  | { readonly s: string }
  | { readonly i: number }
  | { readonly f: number }
  | { readonly b: boolean }
  | { readonly type: number }
  | { readonly shape: readonly number[] }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly tensor: { readonly dtype: number; readonly shape: readonly number[]; readonly content: Uint8Array } };

/** One node of a graph. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Names of nodes, `name:1` for a second output. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

type Bytes = Uint8Array;

/** GraphDef versions that TensorFlow 2.0 and all later ones read: no version of an operation here is newer. */
const PRODUCER = 1395;

function joined(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function varint(value: number): Bytes {
  const bytes: number[] = [];
  // As protocol buffers do it: a negative number is written as its two's complement of 64 bits.
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

const tag = (field: number, wire: number): Bytes => varint((field << 3) | wire);
const integer = (field: number, value: number): Bytes => joined([tag(field, 0), varint(value)]);
const message = (field: number, ...parts: Bytes[]): Bytes => {
  const body = joined(parts);
  return joined([tag(field, 2), varint(body.length), body]);
};
const text = (field: number, value: string): Bytes => message(field, new TextEncoder().encode(value));

function float(field: number, value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joined([tag(field, 5), bytes]);
}

function shapeOf(field: number, shape: readonly number[]): Bytes {
  return message(field, ...shape.map((length) => message(2, integer(1, length))));
}

function valueOf(value: AttributeValue): Bytes {
  if ('s' in value) return text(2, value.s);
  if ('i' in value) return integer(3, value.i);
  if ('f' in value) return float(4, value.f);
  if ('b' in value) return integer(5, Number(value.b));
  if ('type' in value) return integer(6, value.type);
  if ('shape' in value) return shapeOf(7, value.shape);
  if ('ints' in value) return message(1, message(3, ...value.ints.map(varint)));
  if ('floats' in value) return message(1, ...value.floats.map((each) => float(4, each)));
  const { dtype, shape, content } = value.tensor;
  return message(8, integer(1, dtype), shapeOf(2, shape), message(4, content));
}

function nodeOf({ name, op, inputs, attributes }: GraphNode): Bytes {
  const entries = Object.entries(attributes).map(([key, value]) =>
    message(5, text(1, key), message(2, valueOf(value))),
  );
  return message(1, text(1, name), text(2, op), ...inputs.map((input) => text(3, input)), ...entries);
}

/** The file `saved_model.pb` of a model with this graph, under the tag `serve`. */
export function savedModel(nodes: readonly GraphNode[]): Uint8Array {
  const graph = message(2, ...nodes.map(nodeOf), message(4, integer(1, PRODUCER)));
  return joined([integer(1, 1), message(2, message(1, text(4, 'serve')), graph)]);
}
