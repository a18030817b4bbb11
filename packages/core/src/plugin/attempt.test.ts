import { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Attempt, attempt, failure, failureOf } from './attempt.js';

const test = suite('attempt');

const update: Attempt = {
  plugin: { kind: 'metric', name: 'mine' },
  hook: 'update',
  checkpoint: 3,
  code: 'METRIC_FAILED',
};

const thrownBy = (of: Attempt, thrown: unknown): VogError => {
  try {
    attempt(of, () => {
      throw thrown;
    });
  } catch (error) {
    return error as VogError;
  }
  throw new Error('nothing was thrown');
};

test('what a hook gives is passed on', () => {
  assert.is(
    attempt(update, () => 5),
    5,
  );
});

test('what a hook throws names plugin, hook and checkpoint, with the error as its cause', () => {
  for (const thrown of [new Error('no mask'), new VogError('INPUT_SHAPE', 'no mask'), 'no mask']) {
    const error = thrownBy(update, thrown);
    assert.is(error.message, "Metric 'mine' failed in update at checkpoint 3: no mask");
    assert.equal(
      [error.code, error.plugin, error.hook, error.checkpoint, error.cause],
      ['METRIC_FAILED', update.plugin, 'update', 3, thrown],
    );
  }
});

test("a plugin's own code passes, the same object, and gains where it came from", () => {
  const own = new VogError('mine/NO_MASK', 'no mask');
  assert.is(thrownBy(update, own), own);
  assert.equal([own.plugin, own.hook, own.checkpoint], [update.plugin, 'update', 3]);
});

test('a kind may pass every coded error, and say in its own words when it was', () => {
  const coded = new VogError('INPUT_SHAPE', 'no mask');
  const passes = (error: unknown): error is VogError => error instanceof VogError;
  const detector: Attempt = { plugin: { kind: 'detector', name: 'd' }, hook: 'score', code: 'METRIC_FAILED', passes };
  assert.is(failureOf(detector, coded), coded);
  assert.is(failureOf(detector, new Error('x')).message, "Detector 'd' failed in score: x");
  assert.is(failure({ ...detector, when: 'before training' }, 'x').message, "Detector 'd' failed before training: x");
  assert.is('cause' in failure(detector, 'x'), false);
});

test.run();
