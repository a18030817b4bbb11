// Writes TensorFlow's SavedModel in protocol buffers. Numbers of fields:
// tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto and
// tensorflow/core/protobuf/{saved_model,meta_graph}.proto.
import { float, integer, joined, message, text, varint } from '@vogjs/formats/protobuf';

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

/** A GraphDef. */
export function graphDef(nodes: readonly GraphNode[]): Uint8Array {
  return joined([...nodes.map(nodeOf), message(4, integer(1, PRODUCER))]);
}

/** The file `saved_model.pb` of a model with this graph, under the tag `serve`. */
export function savedModel(nodes: readonly GraphNode[]): Uint8Array {
  return joined([integer(1, 1), message(2, message(1, text(4, 'serve')), message(2, graphDef(nodes)))]);
}
