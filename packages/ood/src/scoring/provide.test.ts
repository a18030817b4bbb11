import {
  defineResource,
  logits,
  modelAdapter,
  type ProvidedForPass,
  tapeGradientEngine,
  type VogError,
} from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defineDetector, energy, fitDetectors, knn, odin, oodMonitor, scoreOod } from '../index.js';
import { normalTensor, randomOf, SEED } from '@vogjs/testing';
import { denseNetwork } from '../networks.test.helper.js';

const test = suite(`provide, in scoreOod and fitDetectors (SEED=${SEED})`);
test.before.each(async () => void (await selectBackend('cpu')));

/** Parts that do what the own ones do, and say that they were used. */
function watching(): { provide: ProvidedForPass; used: Set<string> } {
  const used = new Set<string>();
  const provide: ProvidedForPass = {
    gradientEngine: {
      run: (...args) => {
        used.add('gradientEngine');
        return tapeGradientEngine.run(...args);
      },
    },
    modelAdapter: {
      bind: (...args) => {
        used.add('modelAdapter');
        return modelAdapter.bind(...args);
      },
    },
    clock: {
      now: () => {
        used.add('clock');
        return 0;
      },
    },
  };
  return { provide, used };
}

test('gradient engine, model adapter and clock reach fit, scoring and monitor; scores are those of the own parts', async () => {
  const model = denseNetwork(randomOf(1));
  const inputs = normalTensor(randomOf(2), [12, 6]);
  const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3);
  const detectors = [energy(), odin(), knn({ k: 2 })];
  const fitting = watching();
  const fitted = await fitDetectors(model, { inputs, labels }, detectors, { provide: fitting.provide });
  assert.equal([...fitting.used].toSorted(), ['clock', 'modelAdapter']);
  const scoring = watching();
  const scores = await scoreOod(model, { inputs }, fitted, { provide: scoring.provide });
  assert.equal([...scoring.used].toSorted(), ['clock', 'gradientEngine', 'modelAdapter']);
  assert.equal(scores, await scoreOod(model, { inputs }, await fitDetectors(model, { inputs, labels }, detectors)));
  const watched = watching();
  const monitor = oodMonitor({ in: { inputs }, out: { inputs }, detectors: [odin()], provide: watched.provide });
  await monitor.checkpoint(model, {} as never);
  assert.equal([...watched.used].toSorted(), ['clock', 'gradientEngine', 'modelAdapter']);
  monitor.dispose();
  tf.dispose(inputs);
  model.dispose();
});

test('what a resource throws names the detector that wanted it, the hook and the resource', async () => {
  const model = denseNetwork(randomOf(3));
  const inputs = normalTensor(randomOf(4), [5, 6]);
  const fails = defineResource({
    name: 'party.fails',
    requires: { logits },
    compute: (): tf.Tensor => {
      throw new Error('planned');
    },
  });
  const mine = defineDetector({ name: 'mine', requires: { fails }, score: (values) => values.fails });
  const tensors = tf.memory().numTensors;
  let error: VogError | undefined;
  await scoreOod(model, { inputs }, [energy(), mine]).catch((thrown: VogError) => (error = thrown));
  assert.equal(
    [error?.code, error?.plugin, error?.hook],
    ['DETECTOR_FAILED', { kind: 'detector', name: 'mine' }, 'requires'],
  );
  assert.match(error?.message ?? '', /'mine'.*'party\.fails' threw: planned/);
  assert.is(tf.memory().numTensors, tensors);
  tf.dispose(inputs);
  model.dispose();
});

test.run();
