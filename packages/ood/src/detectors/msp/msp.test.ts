import { selectBackend } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import * as assert from 'uvu/assert';
import { scoreOod } from '../../scoring/score.js';
import { assertClose } from '../../networks.test.helper.js';
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { msp } from './msp.js';

const test = suite('msp');

againstGolden(
  test,
  () => [msp(), msp({ name: 'msp-1000', temperature: 1000 })],
  new URL('msp.golden.json', import.meta.url),
);

refuses(test, [() => msp({ temperature: 0 }), () => msp({ temperature: -1 })]);

test('MSP tells confident examples apart where float32 probabilities are all 1', async () => {
  await selectBackend('cpu');
  const rows = [
    [30, 0, 0],
    [25, 0, 0],
    [20, 0, 0],
  ];
  const { msp: scores } = await scoreOod(() => tf.tensor2d(rows), { inputs: tf.zeros([3, 1]) }, [msp()]);
  const expected = rows.map(([a]) => 1 / (1 + 2 * Math.exp(-a!)));
  assertClose(scores.values, expected, 'msp', 1e-12);
  assert.ok(scores.values[0]! > scores.values[1]! && scores.values[1]! > scores.values[2]!);
});

test.run();
