import type { AttributeValue, GraphNode } from './graph-def.js';
import { type Form, sameNumbers } from './trace.js';

const FLOAT = 1;
const INT = 3;

/** A node of the graph in the making. */
export interface Node {
  readonly op: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Form[];
}

/** One output of a node. */
export interface Value {
  readonly node: Node;
  readonly output: number;
}

export const formOf = ({ node, output }: Value): Form => node.outputs[output]!;
export const shapeOf = (value: Value): readonly number[] => formOf(value).shape;
export const isFloat = (value: Value): boolean => formOf(value).dtype === FLOAT;

export function nameOf({ node, output }: Value): string {
  return output === 0 ? node.name : `${node.name}:${output}`;
}

function contentOf(values: ArrayLike<number>, dtype: number): Uint8Array {
  const numbers = Array.from(values);
  if (dtype === FLOAT) return new Uint8Array(Float32Array.from(numbers).buffer);
  if (dtype === INT) return new Uint8Array(Int32Array.from(numbers).buffer);
  if (dtype === 9) return new Uint8Array(BigInt64Array.from(numbers.map(BigInt)).buffer);
  return Uint8Array.from(numbers);
}

/** Makes nodes; one that was made before is given again. */
export class GraphBuilder {
  private readonly made = new Map<string, Node>();

  input(serial: number, { shape, dtype }: Form): Value {
    const attributes = { dtype: { type: dtype }, shape: { shape } };
    return this.node('Placeholder', attributes, [], [{ shape, dtype }], `given_${serial}`);
  }

  constant(values: ArrayLike<number>, { shape, dtype }: Form): Value {
    const content = contentOf(values, dtype);
    return this.node(
      'Const',
      { dtype: { type: dtype }, value: { tensor: { dtype, shape, content } } },
      [],
      [{ shape, dtype }],
    );
  }

  node(
    op: string,
    attributes: Readonly<Record<string, AttributeValue>>,
    inputs: readonly Value[],
    outputs: readonly Form[],
    name?: string,
  ): Value {
    const key = name ?? `${op} ${inputs.map(nameOf).join()} ${JSON.stringify(attributes)}`;
    let node = this.made.get(key);
    if (node === undefined) {
      node = { op, name: name ?? `node_${this.made.size}`, attributes, inputs, outputs };
      this.made.set(key, node);
    }
    return { node, output: 0 };
  }

  reshape(x: Value, shape: readonly number[]): Value {
    if (sameNumbers(shapeOf(x), shape)) return x;
    const [inner] = x.node.inputs;
    if (x.node.op === 'Reshape' && inner !== undefined) return this.reshape(inner, shape);
    const { dtype } = formOf(x);
    const to = this.constant(shape, { shape: [shape.length], dtype: INT });
    return this.node('Reshape', { T: { type: dtype }, Tshape: { type: INT } }, [x, to], [{ shape: [...shape], dtype }]);
  }

  /** The nodes that these values need, each after its inputs. What nobody needs stays out. */
  nodesOf(values: readonly Value[]): GraphNode[] {
    const wanted = new Set<Node>();
    const open = values.map(({ node }) => node);
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (wanted.has(node)) continue;
      wanted.add(node);
      open.push(...node.inputs.map((input) => input.node));
    }
    // Nodes are made after their inputs.
    return [...this.made.values()]
      .filter((node) => wanted.has(node))
      .map(({ name, op, attributes, inputs }) => ({ name, op, attributes, inputs: inputs.map(nameOf) }));
  }
}
