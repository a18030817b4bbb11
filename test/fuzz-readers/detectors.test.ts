// Only with --all: it feeds a reader 1,000 broken files
import {
  energy,
  fitDetectors,
  klMatching,
  knn,
  loadDetectors,
  mahalanobis,
  saveDetectors,
  scoreOod,
  vim,
} from '@vogjs/ood';
import { selectBackend } from '@vogjs/core/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normals, randomOf, SEED } from '@vogjs/testing';
import { smallDense } from '../support/models.js';
import { integers } from '../support/random.js';
import { craftState } from './crafted-state.js';
import { fuzz } from './harness.js';
import { mutate } from './mutations.js';

const test = suite(`fuzzed detectors (SEED=${SEED})`);

test('1,100 mutated files of fitted detectors score or are VogErrors, within a second and 64 MiB', async () => {
  await selectBackend('cpu');
  const random = randomOf(-1);
  const model = smallDense(random);
  const detectors = [mahalanobis(), knn({ k: 3 }), vim(), klMatching(), energy()];
  const inputs = { data: normals(random, 80), shape: [20, 4] };
  const preprocessing = { mean: [0.5], resize: 'bilinear' };
  const fitted = await fitDetectors(model, { inputs, labels: integers(random, 20, 3) }, detectors, { preprocessing });
  const sound = saveDetectors(fitted);
  const few = { inputs: { data: normals(random, 8), shape: [2, 4] } };
  await scoreOod(model, few, loadDetectors(sound, detectors, { preprocessing }));
  const { read, refused } = await fuzz({
    what: 'loadDetectors',
    count: 1100,
    sound: () => sound,
    make: (own, index) => (index % 2 === 0 ? craftState(sound, 'vogjs.detectors', own) : mutate(sound, own)),
    read: async (bytes) => {
      const loaded = loadDetectors(bytes, detectors, { preprocessing });
      // What is taken must be of use, or say by code that it is not.
      return scoreOod(model, few, loaded);
    },
  });
  assert.is((Object.prototype as Record<string, unknown>)['polluted'], undefined);
  assert.ok(read >= 110 && refused > 300, `${read} read, ${refused} refused`);
  model.dispose();
});

test.run();
