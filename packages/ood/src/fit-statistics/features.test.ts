// Only with --all: it takes seconds, and others meet what it tests
import { selectBackend } from '@vogjs/core/node';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import { normalTensor, randomOf, SEED } from '@vogjs/testing';
import { defineDetector, type Detector, featuresAt, scoreOod } from '../index.js';
import { assertClose, convolutionNetwork } from '../networks.test.helper.js';

const test = suite(`features (SEED=${SEED})`);
test.before(async () => void (await selectBackend('cpu')));

test('features of a map are its average over height and width; without a layer they are the penultimate ones', async () => {
  const model = convolutionNetwork(randomOf(11));
  const inputs = normalTensor(randomOf(12), [9, 6, 6, 2]);
  const norm = (name: string, layer?: string): Detector =>
    defineDetector({
      name,
      requires: { features: featuresAt(layer) },
      score: ({ features }) => tf.sum(tf.square(features), 1),
    });
  const scores = await scoreOod(model, { inputs }, [norm('map', 'map'), norm('pool', 'pool'), norm('default')]);
  assertClose(scores['map']!.values, scores['pool']!.values, 'map');
  assertClose(scores['default']!.values, scores['pool']!.values, 'default');
  const maps = (model.layers[0]!.apply(inputs) as tf.Tensor).arraySync() as number[][][][];
  const first = [0, 1, 2].map((c) => maps[0]!.flat().reduce((sum, pixel) => sum + pixel[c]!, 0) / 16);
  assertClose([scores['map']!.values[0]!], [first.reduce((sum, v) => sum + v * v, 0)], 'by hand');
  model.dispose();
});

test.run();
