import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkHeader } from './saved-header.js';

const test = suite('header of a saved state');

const position = { epoch: 1, epochsCompleted: 2, step: 8, progress: null };
const variant = (name: string) => ({ name, version: 1, options: {} });
const whole = {
  version: 1,
  checkpoints: 2,
  counts: { vog: { complete: 2 } },
  observed: position,
  last: position,
  scoredSteps: { vog: 8 },
  chunkSize: 4,
  probe: { size: 10, shapes: [[4]], labels: null, ids: 'x' },
  metrics: [variant('vog'), variant('mine')],
  windows: {},
};

const outcome = (changes: object): string => {
  try {
    checkHeader({ ...whole, ...changes });
    return 'read';
  } catch (error) {
    return error instanceof VogError ? error.code : String(error);
  }
};

test('a torn metric is one of the metrics, has words, and no states', () => {
  assert.is(outcome({}), 'read');
  assert.is(outcome({ torn: {} }), 'read');
  assert.is(outcome({ torn: { mine: 'planned' } }), 'read');
  for (const torn of [null, 5, [], 'mine', { mine: 5 }, { other: 'planned' }, { vog: 'it has states' }]) {
    assert.is(outcome({ torn }), 'STATE_INVALID', JSON.stringify(torn));
  }
});

test('counts agree with the checkpoints, but for those of torn metrics alone', () => {
  const counts = { vog: { complete: 1 } };
  assert.is(outcome({ counts }), 'STATE_INVALID');
  assert.is(outcome({ counts, torn: { mine: 'planned' } }), 'read');
  assert.is(outcome({ counts: { vog: { complete: 3 } }, torn: { mine: 'planned' } }), 'STATE_INVALID');
});

test.run();
