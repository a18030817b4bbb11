import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BaseErrorCode, ErrorCode } from './error-codes.js';
import { hasOwnCode, located, VogError } from './errors.js';

const test = suite('errors');

test('an error says code, plugin, hook, checkpoint and cause; metric is the plugin where that is one', () => {
  const cause = new Error('underneath');
  const plugin = { kind: 'metric', name: 'vog' } as const;
  const error = new VogError('ARGUMENT_INVALID', 'message', { plugin, hook: 'update', checkpoint: 0, cause });
  assert.equal([error.name, error.code, error.message], ['VogError', 'ARGUMENT_INVALID', 'message']);
  assert.equal([error.plugin, error.metric, error.hook, error.checkpoint], [plugin, 'vog', 'update', 0]);
  assert.is(error.cause, cause);
  const detector = new VogError('ARGUMENT_INVALID', 'message', { plugin: { kind: 'detector', name: 'knn' } });
  assert.equal([detector.plugin?.name, detector.metric, 'cause' in detector], ['knn', undefined, false]);
  assert.equal(Object.keys(new VogError('INPUT_SHAPE', 'message')).includes('metric'), true);
});

test("a code is a plugin's own when it has a slash, and only a VogError has a code", () => {
  assert.ok(hasOwnCode(new VogError('my-metric/NO_MASK', 'no mask')));
  assert.not.ok(hasOwnCode(new VogError('INPUT_SHAPE', 'no mask')));
  assert.not.ok(hasOwnCode(Object.assign(new Error('no mask'), { code: 'my-metric/NO_MASK' })));
  assert.not.ok(hasOwnCode('my-metric/NO_MASK'));
});

test('located fills what an error leaves open, in the same object, and overwrites nothing', () => {
  class MaskError extends VogError {}
  const plugin = { kind: 'metric', name: 'mine' } as const;
  const bare = new MaskError('my-metric/NO_MASK', 'no mask');
  assert.is(located(bare, { plugin, hook: 'update', checkpoint: 3 }), bare);
  assert.instance(bare, MaskError);
  assert.equal([bare.code, bare.message], ['my-metric/NO_MASK', 'no mask']);
  assert.equal([bare.plugin, bare.metric, bare.hook, bare.checkpoint], [plugin, 'mine', 'update', 3]);
  located(bare, { plugin: { kind: 'monitor', name: 'other' }, hook: 'checkpoint', checkpoint: 4 });
  assert.equal([bare.plugin, bare.metric, bare.hook, bare.checkpoint], [plugin, 'mine', 'update', 3]);
});

test("a hook is never given to another plugin than the one it is a hook of; a checkpoint is everybody's", () => {
  const plugin = { kind: 'resource', name: 'mask' } as const;
  const error = new VogError('mask/TORN', 'torn', { plugin });
  located(error, { plugin: { kind: 'metric', name: 'mine' }, hook: 'update', checkpoint: 2 });
  assert.equal([error.plugin, error.metric, error.hook, error.checkpoint], [plugin, undefined, undefined, 2]);
});

test('codes of this package and own codes compile; a code of a higher package and a misspelt one do not', () => {
  const meanings: Record<BaseErrorCode, true> = {
    ARGUMENT_INVALID: true,
    IDS_DUPLICATE: true,
    IDS_UNKNOWN: true,
    INPUT_NOT_FINITE: true,
    INPUT_SHAPE: true,
    LABEL_INVALID: true,
    PROBE_MISMATCH: true,
  };
  // @ts-expect-error it is a code of @vogjs/ood, which base knows nothing of
  const higher: ErrorCode = 'DETECTOR_FAILED';
  // @ts-expect-error misspelt
  const misspelt: ErrorCode = 'ARGUMENT_INVALD';
  const codes: ErrorCode[] = ['ARGUMENT_INVALID', 'mine/ANYTHING', higher, misspelt];
  assert.is(new Set([...codes, ...Object.keys(meanings)]).size, 10);
});

test.run();
