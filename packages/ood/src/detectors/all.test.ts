import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as ood from '../index.js';
import { allDetectors } from './all.js';

const test = suite('allDetectors');

const isFactory = (value: unknown): boolean =>
  (value as { definition?: { kind?: unknown } } | undefined)?.definition?.kind === 'detector';

test('it lists every detector that the package exports, each under the name by which it is called', () => {
  const exported = Object.entries(ood).filter(([, value]) => isFactory(value));
  assert.equal(exported.map(([name]) => name).sort(), allDetectors.map(({ definition }) => definition.call).sort());
  for (const [name, factory] of exported) assert.ok(allDetectors.includes(factory as never), name);
});

test('names and calls are unique, and every option says what it does', () => {
  const names = allDetectors.map((make) => make().name);
  assert.equal(new Set(names).size, names.length);
  assert.equal(
    names,
    allDetectors.map(({ definition }) => definition.name),
  );
  for (const { definition, name } of allDetectors) {
    assert.is(name, definition.call);
    for (const [option, { description }] of Object.entries(definition.options.entries)) {
      assert.ok(description, `${name}: ${option}`);
    }
  }
});

test('identities of saved states: those of the options, null for what is left out', () => {
  assert.equal(Object.fromEntries(allDetectors.map((make) => [make().name, make().options])), {
    msp: { temperature: 1 },
    'max-logit': {},
    energy: { temperature: 1 },
    entropy: {},
    gen: { gamma: 0.1, top: 100 },
    odin: { temperature: 1000, epsilon: 0.0014, channelStd: '1', input: 0 },
    'grad-norm': { layer: null, temperature: 1 },
    mahalanobis: { layer: null, floor: 1e-6 },
    'relative-mahalanobis': { layer: null, floor: 1e-6 },
    knn: { layer: null, k: 50 },
    vim: { layer: null, dimensions: null },
    react: { layer: null, percentile: 90 },
    'kl-matching': {},
  });
});

test.run();
