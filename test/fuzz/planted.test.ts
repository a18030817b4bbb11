// The oracle finds what is known to be wrong, and the shrinker cuts it down. An oracle that passes everything is none.
// Only with --all: it takes the repairs away and looks for the faults again
import { undoBackendRepairs, repairBackend } from '@vogjs/backend/repair';
import { selectBackend } from '@vogjs/core/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf } from './code.js';
import type { Case } from './generate.js';
import type { NodeSpec } from './network.js';
import { FloatOracle } from './oracle.js';
import { tryCase } from './run.js';
import { shrink } from './shrink.js';

const test = suite('faults that are known');
const warn = console.warn;
let oracle: FloatOracle;
test.before(async () => {
  console.warn = () => {};
  oracle = new FloatOracle();
  await selectBackend('cpu');
  undoBackendRepairs();
});
test.after(() => {
  repairBackend();
  oracle.close();
  console.warn = warn;
});

/** A chain of layers over one example of zeros. */
function chain(shape: readonly number[], nodes: readonly Omit<NodeSpec, 'from'>[], values?: readonly number[]): Case {
  const all = [...nodes, { layer: 'dense', config: { units: 3, activation: 'softmax' } }];
  const size = shape.reduce((a, b) => a * b, 1);
  return {
    name: 'planted',
    seed: 7,
    network: { inputs: [{ shape }], nodes: all.map((node, i) => ({ ...node, from: [i] })) },
    output: 'softmax',
    labels: [1],
    batches: [values ?? Array.from({ length: size }, () => 0)],
    kinds: ['zero'],
    refuses: [],
    masked: false,
  };
}
const kindsOf = async (example: Case): Promise<string[]> => {
  const outcome = await tryCase(example, oracle);
  return 'unrunnable' in outcome ? [outcome.unrunnable] : outcome.faults.map(({ kind }) => kind);
};
const dense = { layer: 'dense', config: { units: 4, activation: 'gelu' } };
const ties = chain([2, 2, 1], [{ layer: 'globalMaxPooling2d', config: {} }, dense]);

test('ties of a global maximum, counted once each, are a fault without the repairs and none with them', async () => {
  assert.ok((await kindsOf(ties)).includes('gradient'));
  repairBackend();
  assert.equal(await kindsOf(ties), []);
  undoBackendRepairs();
});

test('averages over padding are a fault without the repairs', async () => {
  const pool = { layer: 'averagePooling2d', config: { poolSize: 2, strides: 1, padding: 'same' } };
  assert.ok((await kindsOf(chain([3, 3, 1], [pool, { layer: 'flatten', config: {} }]))).includes('gradient'));
});

test('a label that is not the one of the reference is a fault of loss', async () => {
  const right = chain([4], [dense], [1, -0.5, 0.25, 2]);
  assert.equal(await kindsOf(right), []);
  // The model gives log-probabilities, whatever the case says.
  const wrong = { ...right, output: 'logSoftmax' as const };
  assert.ok((await kindsOf(wrong)).includes('loss'));
});

test('the shrinker takes away what does not matter, and prints the rest as code', async () => {
  const { smaller, fault } = await shrink(ties, 'gradient', oracle);
  assert.equal(smaller.network.nodes.map(({ layer }) => layer), ['globalMaxPooling2d', 'dense']); // prettier-ignore
  assert.is(fault.kind, 'gradient');
  const code = codeOf(smaller);
  assert.match(code, 'tf.layers.globalMaxPooling2d({})');
  assert.match(code, 'inputGradientOf(');
});

test.run();
