import type { Attribute } from '../native/native-backend.js';
import type { AttributeValue, GraphNode } from './graph-def.js';
import { formOf, GraphBuilder, isFloat, nameOf, shapeOf, type Value } from './graph-builder.js';
import type { Call, Trace } from './trace.js';

/** A recording as a TensorFlow graph. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** Slots that are fed, and the names they are fed by. */
  readonly feeds: readonly { readonly slot: number; readonly name: string }[];
  /** What is fetched for each of the trace's results, in their order. */
  readonly fetches: readonly string[];
}

/**
 * A recording as a graph. What TensorFlow.js spells out is written as TensorFlow's own operation where its runtime then
 * fuses more: products of matrices, biases. Folding batch normalisation into kernels, other max pools and XLA were tried,
 * and gained nothing.
 */
export function graphOf(trace: Trace): Graph {
  const builder = new GraphBuilder();
  const values: Value[] = [];
  for (const [slot, each] of trace.slots.entries()) {
    if (each.kind === 'given') values[slot] = builder.input(slot, each);
    if (each.kind === 'constant') values[slot] = builder.constant(each.values, each);
  }
  const alive = needed(trace);
  for (const call of trace.calls) {
    if (!alive.has(call)) continue;
    const inputs = call.inputs.map((slot) => values[slot]!);
    const first = written(builder, call, inputs) ?? plain(builder, call, inputs);
    for (let i = 0; i < call.outputs.length; i++) {
      values[call.firstOutput + i] = i === 0 ? first : { node: first.node, output: i };
    }
  }
  const results: Value[] = [];
  for (const slot of trace.results) results.push(apart(builder, values[slot]!, results));
  const nodes = builder.nodesOf(results);
  const names = new Set(nodes.map(({ name }) => name));
  const feeds = trace.slots.flatMap(({ kind }, slot) => {
    const name = kind === 'given' ? nameOf(values[slot]!) : '';
    return names.has(name) ? [{ slot, name: `${name}:0` }] : [];
  });
  return { nodes, feeds, fetches: results.map((value) => `${value.node.name}:${value.output}`) };
}

/** The calls that the results need: looked at first, so that no pattern is kept apart by what nobody wants. */
function needed({ calls, results }: Trace): Set<Call> {
  const wanted = new Set(results);
  const alive = new Set<Call>();
  for (const call of calls.toReversed()) {
    if (!call.outputs.some((_, i) => wanted.has(call.firstOutput + i))) continue;
    alive.add(call);
    for (const slot of call.inputs) wanted.add(slot);
  }
  return alive;
}

/** TensorFlow does not fetch what it is fed, nor one value twice. */
function apart(builder: GraphBuilder, value: Value, taken: readonly Value[]): Value {
  const isTaken = taken.some((other) => nameOf(other) === nameOf(value));
  if (!isTaken && value.node.op !== 'Placeholder' && value.node.op !== 'Const') return value;
  const form = formOf(value);
  return builder.node('Identity', { T: { type: form.dtype } }, [value], [form], `result_${taken.length}`);
}

function plain(builder: GraphBuilder, { operation, attributes, outputs }: Call, inputs: readonly Value[]): Value {
  return builder.node(operation, attributesOf(attributes), inputs, outputs);
}

function attributesOf(attributes: readonly Attribute[]): Record<string, AttributeValue> {
  return Object.fromEntries(attributes.map((attribute) => [attribute.name, attributeOf(attribute)]));
}

function attributeOf({ name, type, value }: Attribute): AttributeValue {
  if (type === 0 && typeof value === 'string') return { s: value };
  if (type === 1 && Array.isArray(value)) return { ints: value as number[] };
  if (type === 1) return { i: Number(value) };
  if (type === 2 && Array.isArray(value)) return { floats: value as number[] };
  if (type === 2) return { f: Number(value) };
  if (type === 3) return { b: Boolean(value) };
  if (type === 4 && typeof value === 'number') return { type: value };
  throw new Error(`attribute '${name}' of type ${type} cannot be written`);
}

/** A call as another operation, or as nothing; undefined where it stays what it is. */
function written(builder: GraphBuilder, call: Call, inputs: readonly Value[]): Value | undefined {
  const [a, b] = inputs;
  const out = call.outputs[0]!;
  if (a === undefined) return undefined;
  // tfjs-node gives ExpandDims no type, which a graph needs.
  if (call.operation === 'Reshape' || call.operation === 'ExpandDims') return builder.reshape(a, out.shape);
  if (call.operation === 'Cast') return formOf(a).dtype === out.dtype ? a : undefined;
  if (b === undefined) return undefined;
  if (call.operation === 'Add') return sum(builder, call, a, b);
  return call.operation === 'BatchMatMulV2' ? product(builder, call, a, b) : undefined;
}

/** A vector added to the last axis is a bias, which the runtime fuses into what comes before it. */
function sum(builder: GraphBuilder, { attributes, outputs }: Call, a: Value, b: Value): Value {
  for (const [x, bias] of [
    [a, b],
    [b, a],
  ] as const) {
    const [shape, [length, ...more]] = [shapeOf(x), shapeOf(bias)];
    if (!isFloat(x) || length === undefined || length < 2 || more.length > 0) continue;
    if (shape.length < 2 || shape.at(-1) !== length) continue;
    const T = { type: formOf(x).dtype };
    return builder.node('BiasAdd', { T, data_format: { s: 'NHWC' } }, [x, bias], outputs);
  }
  return builder.node('AddV2', attributesOf(attributes), [a, b], outputs);
}

/** TensorFlow.js multiplies matrices in batches of one; the runtime fuses only plain products with biases. */
function product(builder: GraphBuilder, { attributes, outputs }: Call, a: Value, b: Value): Value | undefined {
  const { shape, dtype } = outputs[0]!;
  const isOne = (value: Value): boolean =>
    shapeOf(value)
      .slice(0, -2)
      .every((length) => length === 1);
  if (!isOne(a) || !isOne(b)) return undefined;
  const { adj_x: transpose_a, adj_y: transpose_b } = attributesOf(attributes);
  if (transpose_a === undefined || transpose_b === undefined) return undefined;
  const flat = [a, b].map((value) => builder.reshape(value, shapeOf(value).slice(-2)));
  const made = builder.node('MatMul', { T: { type: dtype }, transpose_a, transpose_b }, flat, [
    { shape: shape.slice(-2), dtype },
  ]);
  return builder.reshape(made, shape);
}
