import { createRequire } from 'node:module';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as evaluation from './evaluation.js';

const test = suite('@vogjs/ood/evaluation');

/** TensorFlow.js is CommonJS in Node: what is loaded of it stands here. */
const isTensorFlowLoaded = (): boolean =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('tensorflow'));

test('it judges scores without TensorFlow.js, which the whole package loads', async () => {
  const { auroc } = evaluation.evaluateOod([3, 2, 1], [2, 1, 0]);
  const threshold = evaluation.calibrateThreshold([3, 2, 1], { tpr: 0.5 });
  assert.is(evaluation.decideOod(threshold, [0])[0]?.isOod, true);
  assert.is(auroc, 7 / 9);
  assert.not(isTensorFlowLoaded());
  const ood: Readonly<Record<string, unknown>> = await import('./index.js');
  assert.ok(isTensorFlowLoaded());
  for (const [name, value] of Object.entries(evaluation)) assert.is(ood[name], value, name);
});

test.run();
