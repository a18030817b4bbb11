// Networks from a seed. Case `index` has a layer of its own at its centre, so that a run of 200 meets each several times.
import { seededRandom, type SeededRandom } from '@vogjs/base';
import { activations, type Entry, layers, merges, pick } from './catalogue.js';
import { exampleOf, type InputKind, inputKinds, VOCABULARY } from './inputs.js';
import { type Config, Graph, type InputSpec, type Network, type NodeSpec } from './network.js';

/** How the model's output and its logits belong together. */
export type Output = 'softmax' | 'logSoftmax' | 'sigmoid' | 'linear';

/** A network, its weights by seed, and a batch for it. */
export interface Case {
  readonly name: string;
  readonly seed: number;
  readonly network: Network;
  readonly output: Output;
  readonly labels: readonly number[];
  /** One flat batch for each input. */
  readonly batches: readonly (readonly number[])[];
  readonly kinds: readonly InputKind[];
  /** Codes by which logits or gradient have to be refused. */
  readonly refuses: readonly string[];
  /** Steps of input 0 that are all 0 are masked: there the network is not continuous. */
  readonly masked: boolean;
}

export const heads = [
  'softmax dense', 'softmax layer', 'softmax activation', 'log-softmax dense', 'sigmoid unit', 'sigmoid activation',
  'logits', 'nested head', 'nested softmax layer', 'softmax and passing layers', 'convolution head',
  'mixed probabilities', 'recurrent probabilities', 'wrapped probabilities',
] as const; // prettier-ignore
export const topologies = ['chain', 'merge', 'nested', 'shared', 'two inputs', 'masked', 'embedding'] as const;

const SHAPES: Readonly<Record<number, readonly number[]>> = { 1: [4], 2: [4, 3], 3: [4, 5, 3], 4: [3, 3, 3, 2] };
const KEEPING = [
  'activation',
  'elu',
  'leakyReLU',
  'prelu',
  'layerNormalization',
  'dropout',
  'custom.scale',
  'custom.gate',
];
/**
 * Those without a kink at 0. One kink there is enough: min(prelu(x), x) is x, and prelu(-prelu(x)) has other slopes than
 * the product of any two sides, but no chain rule knows it at 0.
 */
const SMOOTH = ['layerNormalization', 'dropout', 'custom.scale', 'custom.gate'];
const KINKED = ['activation', 'elu', 'leakyReLU', 'prelu', 'reLU', 'thresholdedReLU'];
const MASKABLE = ['lstm', 'gru', 'simpleRNN', 'rnn', 'bidirectional', 'timeDistributed'];

/** Builds a network forwards: each step sees the shape it stands on. */
class Builder {
  readonly graph: Graph;
  readonly nodes: NodeSpec[] = [];
  readonly refuses = new Set<string>();

  constructor(
    readonly random: SeededRandom,
    readonly inputs: readonly InputSpec[],
    /** Whether something of the network has a kink at 0, or will. */
    public kinked = false,
  ) {
    this.graph = new Graph(inputs);
  }

  get last(): number {
    return this.graph.symbols.length - 1;
  }
  shape(value = this.last): number[] {
    return this.graph.symbols[value]!.shape.slice(1) as number[];
  }
  put(layer: string, config: Config = {}, from = [this.last], more: Partial<NodeSpec> = {}): number {
    const node = { layer, config, from, ...more };
    this.graph.add(node);
    this.nodes.push(node);
    return this.last;
  }
  /** A layer of the catalogue on a value. */
  layer(name: string, from = this.last): number {
    const entry = layers[name]!;
    const config = entry.config(this.random, this.shape(from));
    const code = entry.refuses?.(config);
    if (code !== undefined) this.refuses.add(code);
    return this.put(name, config, [from]);
  }
  /** A layer that keeps the shape, on a value. */
  keeping(from = this.last, among = this.kinked ? SMOOTH : KEEPING): number {
    const rank = this.shape(from).length;
    const name = pick(
      this.random,
      among.filter((known) => layers[known]!.ranks.includes(rank)),
    );
    this.kinked ||= KINKED.includes(name);
    return this.layer(name, from);
  }
  /** Rows of numbers: what a Dense head takes. */
  flatten(): void {
    const shape = this.shape();
    const { random } = this;
    if (shape.length === 1) return;
    if (shape.length < 4 && random.integer(2) === 0) {
      const dimension = shape.length === 2 ? '1d' : '2d';
      this.put(`${pick(random, ['globalMaxPooling', 'globalAveragePooling'])}${dimension}`);
    } else this.put('flatten');
  }
  network(): Network {
    return { inputs: this.inputs, nodes: this.nodes };
  }
}

const names = Object.keys(layers);

/** The case of an index under a seed: always the same one. */
export function generate(seed: number, index: number): Case {
  const own = (seed * 65_537 + index * 7919) % 2 ** 40;
  const random = seededRandom(own);
  const focus = names[index % names.length]!;
  const entry = layers[focus]!;
  // Each layer meets another topology and another head the next time round.
  const turn = Math.floor(index / names.length);
  const topology = topologyFor(focus, entry, topologies[(index + turn * 3 + random.integer(2)) % topologies.length]!);
  let head = heads[(index * 3 + turn + random.integer(2)) % heads.length]!;
  // A mask of steps reaches tfjs's softmax layer through pooling, and model.predict throws.
  const isSteps = topology === 'masked' || topology === 'embedding';
  if (isSteps && head.includes('softmax layer')) head = 'softmax dense';
  const builder = new Builder(random, inputsOf(topology, entry, random), KINKED.includes(focus));
  body(builder, focus, topology);
  const output = putHead(builder, head);
  const network = builder.network();
  const kinds: InputKind[] = [
    pick(random, ['normal', 'normal', 'padded'] as const),
    inputKinds[1 + (index % 6)]!,
    pick(random, inputKinds),
  ];
  const classes = builder.shape().reduce((a, b) => a * b, 1);
  builder.graph.model().dispose();
  return {
    name: `${focus}, ${topology}, ${head}`,
    seed: own,
    network,
    output,
    labels: kinds.map(() => random.integer(output === 'sigmoid' ? 2 : classes)),
    batches: network.inputs.map((input) => kinds.flatMap((kind) => exampleOf(input, kind, random))),
    kinds,
    refuses: [...builder.refuses],
    masked: network.nodes.some(({ layer }) => layer === 'masking'),
  };
}

function topologyFor(focus: string, entry: Entry, topology: (typeof topologies)[number]): (typeof topologies)[number] {
  if (focus === 'masking') return 'masked';
  const overSequences = MASKABLE.includes(focus) && entry.ranks.includes(2);
  return (topology === 'masked' || topology === 'embedding') && !overSequences ? 'chain' : topology;
}

function inputsOf(topology: string, entry: Entry, random: SeededRandom): InputSpec[] {
  if (topology === 'embedding') return [{ shape: [4], dtype: 'int32' }];
  const rank = topology === 'masked' ? 2 : pick(random, entry.ranks);
  const first = { shape: SHAPES[rank]! };
  return topology === 'two inputs' ? [first, { shape: SHAPES[1]! }] : [first];
}

function body(builder: Builder, focus: string, topology: (typeof topologies)[number]): void {
  const { random } = builder;
  if (topology === 'embedding') {
    builder.refuses.add('GRADIENT_UNSUPPORTED');
    if (random.integer(5) === 0) {
      // tfjs changes the shape of what it encodes: not the model's own input.
      builder.put('reshape', { targetShape: [4] }, [0]);
      builder.put('categoryEncoding', { numTokens: VOCABULARY, outputMode: pick(random, ['multiHot', 'count']) });
      builder.put('reshape', { targetShape: [VOCABULARY, 1] });
    } else builder.put('embedding', { inputDim: VOCABULARY, outputDim: 3, maskZero: random.integer(3) > 0 }, [0]);
  } else if (topology === 'masked') builder.put('masking', { maskValue: 0 }, [0]);
  else if (focus === 'centerCrop') {
    // tfjs changes the shape of what it crops: not the model's own input.
    builder.put('conv2d', { filters: 2, kernelSize: 1 }, [0]);
  } else if (topology === 'two inputs' || random.integer(2) === 0) builder.keeping(0);

  const at = Math.max(builder.last - (topology === 'two inputs' && builder.last === 1 ? 1 : 0), 0);
  if (focus === 'masking') builder.layer(pick(random, MASKABLE), at);
  else if (topology === 'nested') {
    const inner = new Builder(random, [{ shape: builder.shape(at) }], builder.kinked);
    if (focus === 'centerCrop') inner.put('conv2d', { filters: 2, kernelSize: 1 });
    inner.layer(focus);
    if (random.integer(2) === 0) inner.keeping();
    builder.kinked ||= inner.kinked;
    for (const code of inner.refuses) builder.refuses.add(code);
    inner.graph.model().dispose();
    builder.put('model', {}, [at], { network: inner.network() });
  } else builder.layer(focus, at);

  if (topology === 'merge') {
    const x = builder.last;
    // The largest of equals is a kink as well: after one at 0, scaled branches meet there in a second.
    const tied = builder.kinked ? ['maximum', 'minimum'] : [];
    const merge = pick(
      random,
      Object.keys(merges).filter((name) => !tied.includes(name) && (name !== 'dot' || builder.shape(x).length < 3)),
    );
    const among = builder.kinked || merge === 'maximum' || merge === 'minimum' ? SMOOTH : KEEPING;
    const [a, b] = [builder.keeping(x, among), random.integer(3) === 0 ? x : builder.keeping(x, among)];
    builder.put(merge, merges[merge]!(random, builder.shape(x)), [a, b]);
  } else if (random.integer(2) === 0) builder.keeping();
  builder.flatten();
  if (topology === 'shared') {
    const units = builder.shape()[0]!;
    builder.put('dense', { units, activation: pick(random, activations) });
    builder.put('dense', {}, [builder.last], { shared: builder.nodes.length - 1 });
  }
  if (topology === 'two inputs') builder.put('concatenate', {}, [builder.last, 1]);
  if (random.integer(3) === 0) builder.put('dense', { units: 4, activation: pick(random, activations) });
}

const CLASSES = 3;

function putHead(builder: Builder, head: (typeof heads)[number]): Output {
  const { random } = builder;
  const dense = (activation: string, units = CLASSES): number => builder.put('dense', { units, activation });
  const nested = (nodes: readonly NodeSpec[]): number =>
    builder.put('model', {}, [builder.last], { network: { inputs: [{ shape: builder.shape() }], nodes } });
  switch (head) {
    case 'softmax dense':
      dense('softmax');
      return 'softmax';
    case 'softmax layer':
      dense('linear');
      builder.put('softmax');
      return 'softmax';
    case 'softmax activation':
      dense('linear');
      builder.put('activation', { activation: 'softmax' });
      return 'softmax';
    case 'log-softmax dense':
      dense('logSoftmax');
      return 'logSoftmax';
    case 'sigmoid unit':
      dense('sigmoid', 1);
      return 'sigmoid';
    case 'sigmoid activation':
      dense('linear', 1);
      builder.put('activation', { activation: 'sigmoid' });
      return 'sigmoid';
    case 'logits':
      dense('linear');
      return 'linear';
    case 'nested head':
      nested([
        { layer: 'dense', config: { units: 4, activation: pick(random, ['tanh', 'relu', 'gelu']) }, from: [0] },
        { layer: 'dense', config: { units: CLASSES, activation: 'softmax' }, from: [1] },
      ]);
      return 'softmax';
    case 'nested softmax layer':
      nested([
        { layer: 'dense', config: { units: CLASSES }, from: [0] },
        { layer: 'softmax', config: {}, from: [1] },
        { layer: 'dropout', config: { rate: 0.5 }, from: [2] },
      ]);
      return 'softmax';
    case 'softmax and passing layers':
      dense('softmax');
      builder.put('dropout', { rate: 0.5 });
      builder.put('reshape', { targetShape: [CLASSES, 1] });
      builder.put('flatten');
      return 'softmax';
    case 'convolution head':
      builder.put('reshape', { targetShape: [1, 1, builder.shape()[0]!] });
      builder.put('conv2d', { filters: CLASSES, kernelSize: 1, activation: 'softmax' });
      builder.put('flatten');
      return 'softmax';
    case 'mixed probabilities': {
      const x = builder.last;
      const a = dense('softmax');
      const b = builder.put('dense', { units: CLASSES, activation: 'softmax' }, [x]);
      builder.put('average', {}, [a, b]);
      builder.refuses.add('LOGITS_UNRESOLVED');
      return 'softmax';
    }
    case 'recurrent probabilities':
      builder.put('reshape', { targetShape: [1, builder.shape()[0]!] });
      builder.put('simpleRNN', { units: CLASSES, activation: 'softmax' });
      builder.refuses.add('LOGITS_UNRESOLVED');
      return 'softmax';
    case 'wrapped probabilities':
      builder.put('reshape', { targetShape: [1, builder.shape()[0]!] });
      builder.put('timeDistributed', { layer: { layer: 'dense', config: { units: CLASSES, activation: 'softmax' } } });
      builder.put('flatten');
      builder.refuses.add('LOGITS_UNRESOLVED');
      return 'softmax';
  }
}
