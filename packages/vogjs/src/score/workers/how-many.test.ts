import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { roomFor, thisMachine } from './how-many.js';

const test = suite('workers for which there is room');
const small = { kept: 1e6, working: 1e6 };
const machine = { cores: 8, load: 0, freeBytes: 64e9 };

test('cores that are free, and no more than there are chunks', () => {
  assert.is(roomFor('wasm', 100, small, machine), 8);
  assert.is(roomFor('wasm', 100, small, { ...machine, load: 5.2 }), 3);
  assert.is(roomFor('wasm', 3, small, machine), 3);
  assert.is(roomFor('cpu', 100, small, { ...machine, load: 30 }), 1);
});

test('no more than memory allows: what is kept once, and a process and a pass each', () => {
  assert.is(roomFor('wasm', 100, { kept: 1e9, working: 700e6 }, { ...machine, freeBytes: 5e9 }), 3);
  assert.is(roomFor('wasm', 100, { kept: 9e9, working: 1e6 }, { ...machine, freeBytes: 5e9 }), 1);
});

test('a backend that takes the whole machine by itself has one', () => {
  for (const backend of ['tfjs-node', 'tfjs-node-gpu', 'webgpu'] as const) {
    assert.is(roomFor(backend, 100, small, machine), 1);
  }
});

test('this machine has cores and memory', () => {
  const { cores, load, freeBytes } = thisMachine();
  assert.ok(cores >= 1 && load >= 0 && freeBytes > 0);
});

test.run();
