// Only with --all: one detector takes seconds, and there are thirteen; scoring runs them together
import { selectBackend } from '@vogjs/core/node';
import { normalTensor, randomOf, SEED } from '@vogjs/testing';
import { scoreOod } from '../../scoring/score.js';
import { assertClose, convolutionNetwork } from '../../networks.test.helper.js';
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { gradNorm } from './grad-norm.js';

const test = suite(`gradNorm (SEED=${SEED})`);

againstGolden(
  test,
  () => [gradNorm(), gradNorm({ name: 'grad-norm-2', temperature: 2 })],
  new URL('grad-norm.golden.json', import.meta.url),
);

refuses(test, [() => gradNorm({ temperature: Number.POSITIVE_INFINITY }), () => gradNorm({ layer: '' })]);

test('GradNorm and the layer before the last agree for a map that is pooled', async () => {
  await selectBackend('cpu');
  const model = convolutionNetwork(randomOf(13));
  const examples = { inputs: normalTensor(randomOf(14), [5, 6, 6, 2]) };
  const scores = await scoreOod(model, examples, [gradNorm(), gradNorm({ name: 'map', layer: 'map' })]);
  assertClose(scores.map.values, scores['grad-norm'].values, 'grad-norm');
  model.dispose();
});

test.run();
