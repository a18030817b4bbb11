// The generator reaches everything that tfjs exports, or says why not.
import * as tf from '@tensorflow/tfjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { activations, aliases, layers, leftOut, merges, placed } from './catalogue.js';
import { customLayers } from './custom-layers.js';
import { generate, heads, topologies } from './generate.js';
import { useBackend } from '../support/backend.js';

const exported = tf.layers as unknown as Readonly<Record<string, unknown>>;

test('every export of tf.layers is generated, an alias, or left out for a reason', () => {
  const own = Object.keys(layers).filter((name) => !(name in customLayers));
  const accounted = [own, Object.keys(merges), Object.keys(placed), Object.keys(aliases), Object.keys(leftOut)].flat();
  assert.equal(accounted.sort(), Object.keys(exported).sort());
});

test('an alias makes the same layer', () => {
  const made = (name: string): string =>
    (exported[name] as (config: object) => tf.layers.Layer)({ poolSize: 2, strides: 2, name: 'pool' }).getClassName();
  for (const [alias, name] of Object.entries(aliases)) assert.is(made(alias), made(name), alias);
});

test('every activation that tfjs registers is generated', () => {
  const serialised = (tf.serialization.SerializationMap as unknown as { getMap(): { classNameMap: Record<string, [{ new (): object }]> } }).getMap(); // prettier-ignore
  const activation = Object.getPrototypeOf(serialised.classNameMap['relu']![0]) as object;
  const known = Object.keys(serialised.classNameMap).filter((name) => Object.getPrototypeOf(serialised.classNameMap[name]![0]) === activation); // prettier-ignore
  assert.equal([...activations].sort(), known.sort());
});

test('200 networks have every layer, head and topology; the same seed gives the same network', async () => {
  await useBackend('cpu');
  const warn = console.warn;
  console.warn = () => {};
  const names = new Set<string>();
  for (let index = 0; index < 200; index++) {
    const example = generate(1, index);
    const text = JSON.stringify(example.network);
    for (const [, layer] of text.matchAll(/"layer":"([\w.]+)"/g)) names.add(layer!);
    for (const part of example.name.split(', ')) names.add(part);
    if (index === 199) assert.equal(generate(1, index), example);
  }
  console.warn = warn;
  const wanted = [
    Object.keys(layers),
    Object.keys(merges),
    Object.keys(placed).filter((name) => name !== 'input'),
    heads,
    topologies,
  ].flat();
  assert.equal(wanted.filter((name) => !names.has(name)), []); // prettier-ignore
});

test.run();
