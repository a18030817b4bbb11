// A case as code that runs by itself.
import type { Case } from './generate.js';
import { modelOf, type Network, type NodeSpec, type Value, weightsOf } from './network.js';

const isLayer = (value: Value): value is { layer: string; config: Record<string, Value> } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'layer' in value;

function valueCode(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(valueCode).join(', ')}]`;
  if (isLayer(value)) return layerCode(value.layer, value.config);
  return JSON.stringify(value);
}

function layerCode(layer: string, config: Readonly<Record<string, Value>>): string {
  const settings = Object.entries(config).map(([key, value]) => `${key}: ${valueCode(value)}`);
  const argument = settings.length === 0 ? '{}' : `{ ${settings.join(', ')} }`;
  return layer.startsWith('custom.') ? `new customLayers['${layer}'](${argument})` : `tf.layers.${layer}(${argument})`;
}

function networkCode({ inputs, nodes }: Network, prefix: string, lines: string[]): string {
  const name = (value: number): string =>
    value < inputs.length ? `${prefix}x${value}` : `${prefix}v${value - inputs.length}`;
  for (const [i, { shape, dtype }] of inputs.entries()) {
    lines.push(`const ${name(i)} = tf.input({ shape: [${shape.join(', ')}]${dtype ? `, dtype: '${dtype}'` : ''} });`);
  }
  for (const [i, node] of nodes.entries()) {
    const layer = `${prefix}layer${i}`;
    const from = node.from.map(name).join(', ');
    if (node.shared === undefined) lines.push(`const ${layer} = ${nodeCode(node, `${prefix}inner${i}`, lines)};`);
    const called = node.shared === undefined ? layer : `${prefix}layer${node.shared}`;
    if (node.shared !== undefined) lines.push(`const ${layer} = ${called};`);
    lines.push(`const ${name(inputs.length + i)} = ${layer}.apply(${node.from.length === 1 ? from : `[${from}]`});`);
  }
  const all = inputs.map((_, i) => name(i)).join(', ');
  return `tf.model({ inputs: [${all}], outputs: ${name(inputs.length + nodes.length - 1)} })`;
}

function nodeCode(node: NodeSpec, prefix: string, lines: string[]): string {
  return node.network === undefined
    ? layerCode(node.layer, node.config)
    : networkCode(node.network, `${prefix}_`, lines);
}

/** A module in the folder test/fuzz: model, weights, inputs, and what is asked of them. */
export function codeOf({ network, seed, batches, labels }: Case): string {
  const lines = [
    "import * as tf from '@tensorflow/tfjs';",
    "import { inputGradientOf, logitsOf, prepareBackend } from '@vogjs/core';",
  ];
  const body: string[] = [];
  body.push(`const model = ${networkCode(network, '', body)};`);
  if (body.some((line) => line.includes('customLayers[')))
    lines.push("import { customLayers } from './custom-layers.js';");
  const model = modelOf(network);
  const weights = weightsOf(model, seed).map(
    (values, i) => `tf.tensor([${values.join(', ')}], [${model.weights[i]!.shape.join(', ')}])`,
  );
  model.dispose();
  const inputs = network.inputs.map(({ shape, dtype }, i) => `tf.tensor([${batches[i]!.join(', ')}], [${[labels.length, ...shape].join(', ')}]${dtype ? `, '${dtype}'` : ''})`); // prettier-ignore
  return [
    ...lines,
    'await tf.ready();',
    'await prepareBackend();',
    ...body,
    `model.setWeights([${weights.length > 0 ? `\n  ${weights.join(',\n  ')},\n` : ''}]);`,
    `const inputs = [\n  ${inputs.join(',\n  ')},\n];`,
    'model.predict(inputs).print();',
    'logitsOf(model)(inputs).print();',
    ...network.inputs.map((_, i) => `inputGradientOf((x) => logitsOf(model)(inputs.map((all, i) => (i === ${i} ? x : all))), inputs[${i}], [${labels.join(', ')}]).print();`), // prettier-ignore
    '',
  ].join('\n');
}
