// What one recorder has found to agree, another one of the same process loads without computing its first chunk twice.
import * as tf from '@tensorflow/tfjs';
import { RecordedPasses } from '@vogjs/backend';
import { runSeed, testBackends, uniformFrom } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { useBackend } from '../support/backend.js';
import { lenet, seedWeights } from '../networks.js';
import { normalBatch } from '../zoo.js';
import { distance, openSessions, recordedAs, recordedOn, recording, vogSection, ways } from './sections.js';

const seed = runSeed();

interface Counted {
  /** Operations that TensorFlow was asked for one at a time while `run` ran. */
  operationsOf<T>(run: () => T): readonly [T, number];
  end(): void;
}

/** Stands before tfjs-node's add-on, and counts. */
function countOperations(): Counted {
  const backend = tf.backend() as unknown as { binding: { executeOp(name: string, ...rest: unknown[]): unknown } };
  const { binding } = backend;
  let operations = 0;
  const executeOp: typeof binding.executeOp = (name, ...rest) => {
    // A recording that is loaded as a function is run by its name.
    if (!name.startsWith('vogjs_')) operations += 1;
    return binding.executeOp(name, ...rest);
  };
  backend.binding = Object.create(binding, { executeOp: { value: executeOp } }) as typeof binding;
  return {
    operationsOf(run) {
      operations = 0;
      return [run(), operations];
    },
    end: () => void (backend.binding = binding),
  };
}

for (const backend of recording(testBackends())) {
  const test = suite(`recordings met again on ${backend} (seed ${seed})`);
  test.before.each(() => useBackend(backend));

  test('another recorder computes its first chunk by the recording alone, and gives what eager gives', async () => {
    for (const way of ways()) {
      await recordedAs(way, async () => {
        await useBackend(backend);
        const { operationsOf, end } = countOperations();
        const model = seedWeights(lenet(), seed);
        const x = normalBatch(model, 4, uniformFrom(seed + 1));
        // Other pixels and labels than the first recorder's, so that nothing but the recording is known.
        const y = normalBatch(model, 4, uniformFrom(seed + 2));
        const [first, second] = [await recordedOn(backend), await recordedOn(backend)];
        const [verified, twice] = operationsOf(() => first.run(vogSection(model, x, Int32Array.from([0, 1, 2, 3]))));
        first.dispose();
        seedWeights(model, seed + 3);
        const section = vogSection(model, y, Int32Array.from([4, 5, 5, 9]));
        const [again, none] = operationsOf(() => second.run(section));
        const [eager, all] = operationsOf(section);
        assert.ok(twice >= all && all > 20, `${twice} operations when recorded, ${all} eagerly`);
        assert.is(none, 0, `${way}: operations one at a time`);
        assert.ok(distance(again, eager) < 5e-6);
        assert.equal(second.status, { state: 'recorded', reason: null, recordings: 1, replayed: 0 });
        assert.is(openSessions(), 1);
        second.dispose();
        assert.is(openSessions(), 0);
        end();
        tf.dispose([x, y, verified, again, eager] as tf.TensorContainer);
        model.dispose();
      });
    }
  });

  test('a section that only begins as one that is known is another one', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const begins = () => tf.tidy(() => ({ y: tf.exp(tf.sin(tf.square(x))) }));
    const turns = () => tf.tidy(() => ({ y: tf.cos(tf.sin(tf.square(x))) }));
    const goesOn = () => tf.tidy(() => ({ y: tf.abs(tf.exp(tf.sin(tf.square(x)))) }));
    const stops = () => tf.tidy(() => ({ y: tf.sin(tf.square(x)) }));
    const first = await recordedOn(backend);
    tf.dispose(first.run(begins));
    first.dispose();
    for (const section of [turns, goesOn, stops]) {
      const passes = await recordedOn(backend);
      for (let chunk = 0; chunk < 2; chunk++) {
        const [got, wanted] = [passes.run(section), section()];
        assert.ok(distance(got, wanted) < 1e-6);
        tf.dispose([got, wanted]);
      }
      assert.equal(passes.status, { state: 'recorded', reason: null, recordings: 1, replayed: 1 });
      passes.dispose();
    }
    x.dispose();
  });

  test('what one recorder is refused, another one is refused as well', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    for (let recorder = 0; recorder < 2; recorder++) {
      const passes = new RecordedPasses();
      await passes.load();
      for (let chunk = 0; chunk < 3; chunk++) {
        const read = passes.run(() => tf.tidy(() => tf.square(x).dataSync()[2]));
        assert.is(read, 9);
      }
      assert.is(passes.status.state, 'eager');
      assert.match(passes.status.reason!, /read to the host/);
      passes.dispose();
    }
    x.dispose();
  });

  test.run();
}

const elsewhere = suite('recordings met again on other backends');
elsewhere('there are none: each recorder runs the section', async () => {
  const others = testBackends().filter((name) => !name.startsWith('tfjs-node'));
  await useBackend(others[0] ?? 'cpu');
  let runs = 0;
  for (let recorder = 0; recorder < 2; recorder++) {
    const passes = new RecordedPasses();
    await passes.load();
    assert.is(
      passes.run(() => ++runs),
      recorder + 1,
    );
    assert.is(passes.status.state, 'eager');
  }
});
elsewhere.run();
