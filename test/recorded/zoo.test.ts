// Only with --all: native TensorFlow records a hundred networks, in a minute.
// Every network of the zoo, recorded with one set of weights and inputs and replayed with others, is what it is eagerly.
import * as tf from '@tensorflow/tfjs';
import { runSeed, testBackends, uniformFrom } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RecordedPasses } from '@vogjs/backend';
import { useBackend } from '../support/backend.js';
import { normalBatch, seedWeights, zoo } from '../zoo.js';
import { distance, openSessions, recordedOn, recording, vogSection } from './sections.js';

const seed = runSeed();

for (const backend of recording(testBackends())) {
  const test = suite(`recorded zoo on ${backend} (seed ${seed})`);

  for (const { name, build } of zoo) {
    test(`recorded = eager: ${name}`, async () => {
      const passes = await recordedOn(backend);
      const model = build();
      const before = [tf.memory().numTensors, tf.memory().numDataBuffers];
      for (let draw = 0; draw < 3; draw++) {
        seedWeights(model, seed + draw);
        const x = normalBatch(model, 3, uniformFrom(seed + 100 + draw));
        const labels = Int32Array.from([draw % 3, 1, 2]);
        const replayed = passes.run(vogSection(model, x, labels));
        const eager = vogSection(model, x, labels)();
        const off = distance(replayed, eager);
        assert.ok(off < 5e-6, `draw ${draw}: off by ${off}`);
        tf.dispose([x, replayed, eager] as tf.TensorContainer);
      }
      assert.equal(passes.status, { state: 'recorded', reason: null, recordings: 1, replayed: 2 });
      assert.is(openSessions(), 1);
      passes.dispose();
      assert.is(openSessions(), 0);
      assert.equal([tf.memory().numTensors, tf.memory().numDataBuffers], before);
      model.dispose();
    });
  }
  test.run();
}

const elsewhere = suite('sections on other backends');
elsewhere('a section runs as it is, and the status says why', async () => {
  const others = testBackends().filter((name) => !name.startsWith('tfjs-node'));
  await useBackend(others[0] ?? 'cpu');
  const passes = new RecordedPasses();
  await passes.load();
  assert.is(
    passes.run(() => 7),
    7,
  );
  assert.match(passes.status.reason ?? '', /only native TensorFlow records passes, not (cpu|wasm|webgpu)/);
  assert.is(passes.status.state, 'eager');
});
elsewhere.run();
