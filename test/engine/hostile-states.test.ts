// Only with --all: it damages saved states in hundreds of ways
// Crafted states whose checksum is right: every field and tensor is checked, and a refusal leaves the tracker as it was.
import { checksumOf, readSafetensors, type SafetensorsInput, writeSafetensors } from '@vogjs/formats';
import { epochs, type StateKey, type StateStore, type Tracker } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withSeed } from '@vogjs/testing';
import { useBackend } from '../support/backend.js';
import { codedError } from '../support/errors.js';
import { firstLogits, hits, meanLoss } from '../support/metrics.js';
import { runEpochs, type Scene, sceneOf, scoresOf, trackerOf } from '../support/runs.js';

const test = suite('hostile states');
const KEY = 'vogjs.tracker';
const WINDOWS = { early: epochs(0, 2), late: epochs(3, 7) };
const make = (scene: Scene, more: object = {}): Tracker =>
  trackerOf(scene, { metrics: [vog(), meanLoss(), hits(), firstLogits()], windows: WINDOWS, ...more });

interface Parts {
  header: Record<string, unknown>;
  tensors: Record<string, SafetensorsInput>;
}

/** A state with parts changed and the checksum made right again. */
function crafted(bytes: Uint8Array, change: (parts: Parts) => void): Uint8Array {
  const file = readSafetensors(bytes);
  const { checksum: _, ...header } = JSON.parse(file.metadata[KEY] ?? '') as Record<string, unknown>;
  const parts: Parts = { header, tensors: { ...file.tensors } };
  change(parts);
  const checksum = checksumOf(parts.header, parts.tensors);
  return writeSafetensors(parts.tensors, { [KEY]: JSON.stringify({ ...parts.header, checksum }) });
}

/** Every value that a field may be replaced by and must not. */
const WRONG: Record<string, unknown[]> = {
  checkpoints: [null, -1, 1.5, '3', 99, 0, 2, 1e300],
  counts: [
    null,
    [],
    7,
    {},
    { vog: null },
    { vog: { early: 4 } },
    { vog: { early: -1 } },
    { vog: { early: '2' } },
    { vog: { complete: 4 } },
    { other: { early: 4 } },
    JSON.parse('{"__proto__": {"early": 4}}'),
    { vog: JSON.parse('{"__proto__": 4}') },
  ],
  chunkSize: [null, -4, 0, 1.5, 1e9, '4', 3],
  observed: [null, 1, {}, { epoch: -1, epochsCompleted: 0, step: 0, progress: null }],
  last: [null, [], { epoch: 1, epochsCompleted: 5, step: 0, progress: null }],
  scoredSteps: [null, [], { vog: -1 }, { vog: 'x' }, { other: 1 }, JSON.parse('{"__proto__": 1}')],
  metrics: [null, {}, [], [null], [{ name: 'vog' }], [{ name: 1, version: 1, options: {} }]],
  windows: [
    null,
    [],
    { early: null },
    { early: { unit: 1 } },
    {},
    JSON.parse('{"__proto__": {"unit":"epochs","from":0,"to":1}}'),
  ],
  probe: [null, {}, { size: -1 }, { size: 10, shapes: 3, labels: null, ids: 'x' }],
  version: [0, -1, 1.5, '1', null],
  classes: [0, -3, 'x', 1.5, {}, 4],
};

/** Well-formed, but not those of the tracker. */
const MISMATCHED = new Set(['windows {}', 'windows {"__proto__":{"unit":"epochs","from":0,"to":1}}', 'classes 4']);

test('each wrong value of each field is refused by code, and the state in hand stays, to the bit', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(31);
    const tracker = make(scene);
    await runEpochs(scene, [tracker], 0, 4);
    const saved = await tracker.serialise();
    await runEpochs(scene, [tracker], 4, 5);
    const before = JSON.stringify([await scoresOf(tracker, ['complete', 'early']), tracker.plan()]);
    const { numTensors } = tf.memory();
    let tried = 0;
    for (const [field, values] of Object.entries(WRONG)) {
      for (const value of values) {
        const bytes = crafted(saved, ({ header }) => void (header[field] = value));
        const code = MISMATCHED.has(`${field} ${JSON.stringify(value)}`) ? 'STATE_MISMATCH' : 'STATE_INVALID';
        await codedError(() => tracker.load(bytes), code).catch((error: unknown) => {
          throw new Error(`${field} ${JSON.stringify(value)}: ${String(error)}`);
        });
        tried++;
      }
      const bytes = crafted(saved, ({ header }) => void delete header[field]);
      if (field !== 'classes') await codedError(() => tracker.load(bytes), 'STATE_INVALID');
    }
    assert.ok(tried > 50);
    assert.is(JSON.stringify([await scoresOf(tracker, ['complete', 'early']), tracker.plan()]), before);
    assert.is(tf.memory().numTensors, numTensors, 'a refused load leaves no tensor');
    await tracker.load(crafted(saved, () => {}));
    assert.is(tracker.checkpoints, 4, 'the crafting itself changes nothing');
    tracker.dispose();
  }));

const f32 = (shape: number[]): SafetensorsInput => ({
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  shape,
});

test('tensors that are missing, too many, of another type or of another shape are refused by name', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(32);
    const tracker = make(scene);
    await runEpochs(scene, [tracker], 0, 4);
    const saved = await tracker.serialise();
    const before = JSON.stringify(await scoresOf(tracker));
    const names = Object.keys(readSafetensors(saved).tensors);
    const changes: Record<string, (parts: Parts) => void> = {
      'no tensors': (parts) => void (parts.tensors = {}),
      'an extra I64': ({ tensors }) => void (tensors['x'] = { data: BigInt64Array.of(1n), shape: [1] }),
      'an extra chunk': ({ tensors }) => void (tensors['vog|early|99|mean'] = f32([4, 4])),
      'a chunk under a second name': ({ tensors }) => void (tensors['vog|early|00|mean'] = f32([4, 4])),
      'a tensor named __proto__': (parts) =>
        void (parts.tensors = Object.fromEntries([...Object.entries(parts.tensors), ['__proto__', f32([1])]])),
    };
    for (const name of names) {
      changes[`without ${name}`] = ({ tensors }) => void delete tensors[name];
      changes[`${name} as I64`] = ({ tensors }) => {
        const { shape } = tensors[name] as SafetensorsInput;
        tensors[name] = { data: new BigInt64Array((tensors[name] as SafetensorsInput).data.length), shape };
      };
      changes[`${name} in another shape`] = ({ tensors }) => {
        const { data, shape, dtype } = tensors[name] as SafetensorsInput;
        tensors[name] = { data, shape: [...shape, 1], ...(dtype === 'BOOL' ? { dtype } : {}) };
      };
    }
    for (const [what, change] of Object.entries(changes)) {
      await codedError(() => tracker.load(crafted(saved, change)), 'STATE_INVALID').catch((error: unknown) => {
        throw new Error(`${what}: ${String(error)}`);
      });
    }
    assert.is(JSON.stringify(await scoresOf(tracker)), before);
    tracker.dispose();
  }));

test('states of the first release, which tell no classes, load into a tracker that does not know them', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(33);
    const tracker = make(scene);
    await runEpochs(scene, [tracker], 0, 4);
    const old = crafted(await tracker.serialise(), ({ header }) => void delete header['classes']);
    const other = make(scene);
    await other.load(old);
    assert.equal(await scoresOf(other), await scoresOf(tracker));
    other.dispose();
    tracker.dispose();
  }));

/** Keeps tensors of its own, as a store in a file or a database would; `stage` is left out. */
class PlainStore implements StateStore {
  readonly kept = new Map<string, readonly [StateKey, Readonly<Record<string, tf.Tensor>>]>();
  failAt = Number.POSITIVE_INFINITY;

  get(key: StateKey): Readonly<Record<string, tf.Tensor>> | undefined {
    return this.kept.get(JSON.stringify(key))?.[1];
  }
  set(key: StateKey, next: Readonly<Record<string, tf.Tensor>>): void {
    const own = Object.fromEntries(Object.entries(next).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
    this.kept.set(JSON.stringify(key), [key, own]);
  }
  entries(): Iterable<readonly [StateKey, Readonly<Record<string, tf.Tensor>>]> {
    return this.kept.values();
  }
  bytes(): number {
    return 0;
  }
  clear(): void {
    this.kept.clear();
  }
}

test('a store of one that knows no stage is filled only once the whole file was read and is right', () =>
  withSeed(async () => {
    await useBackend();
    const scene = sceneOf(34);
    const store = new PlainStore();
    const tracker = make(scene, { provide: { stateStore: store } });
    await runEpochs(scene, [tracker], 0, 3);
    const saved = await tracker.serialise();
    const kept = store.kept.size;
    const before = await scoresOf(tracker);
    const flipped = saved.slice();
    flipped[flipped.length - 1]! ^= 1;
    await codedError(() => tracker.load(flipped), 'STATE_INVALID');
    assert.is(store.kept.size, kept);
    assert.equal(await scoresOf(tracker), before);
    await tracker.load(saved);
    assert.equal(await scoresOf(tracker), before);
    tracker.dispose();
  }));

test('load and save say what they take: ArrayBuffer, null, numbers and empty paths are refused by code', () =>
  withSeed(async () => {
    await useBackend();
    const tracker = make(sceneOf(35));
    for (const value of [new ArrayBuffer(8), null, undefined, 3, {}, []]) {
      await codedError(() => tracker.load(value as never), 'ARGUMENT_INVALID', /path of a file/);
      await codedError(() => tracker.save(value as never), 'ARGUMENT_INVALID', /path of a file/);
    }
    await codedError(() => tracker.save(''), 'ARGUMENT_INVALID');
    await codedError(() => tracker.load('/no/such/file'), 'FILE_FAILED', /no such file/);
    tracker.dispose();
  }));

test.run();
