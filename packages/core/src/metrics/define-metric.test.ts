import { integer, oneOf, rowsOf } from '@vogjs/base/options';
import { bootBackend } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkMetric } from '../check-metric/check-metric.js';
import { inputGradient, logits, loss } from '../resources/builtin.js';
import { defineMetric } from './define-metric.js';

const test = suite('defineMetric');
test.before(() => bootBackend('cpu'));

const zeros = ({ size }: { size: number }) => ({ sum: tf.zeros([size]) });

/** Loss or largest logit, times a factor. */
const scaled = defineMetric({
  name: 'scaled-value',
  hardDirection: 'high',
  version: 3,
  options: {
    of: oneOf('loss', 'logits').about('What is summed.'),
    factor: integer(1).default(2).about('Factor of the sum.'),
  },
  contradiction: ({ of, factor }) =>
    of === 'logits' && factor > 9 ? 'factor must be at most 9 with logits' : undefined,
  requires: ({ of }) => ({ value: of === 'loss' ? loss : logits }),
  init: zeros,
  update: ({ sum }, { value }) => ({ sum: tf.add(sum, value.rank === 1 ? value : tf.max(value, 1)) }),
  compute: ({ sum }, _, { factor, name }) => ({ [name]: tf.mul(sum, factor) }),
  merge: (a, b) => ({ sum: tf.add(a.sum, b.sum) }),
});

const refusal = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return `${(error as { code?: string }).code}: ${(error as Error).message}`;
  }
  return 'nothing was thrown';
};

test('a definition with options gives a factory, whose metrics have their name, requirements and identity', () => {
  const metric = scaled();
  assert.is(metric.name, 'scaled-value');
  assert.is(metric.version, 3);
  assert.equal(metric.options, { of: 'loss', factor: 2 });
  assert.is(metric.requires['value'], loss);
  const other = scaled({ of: 'logits', name: 'mine' });
  assert.equal([other.name, other.options], ['mine', { of: 'logits', factor: 2 }]);
  assert.is(other.requires['value'], logits);
});

test('its metrics keep the laws, in every variant: each hook gets the options of its own metric', async () => {
  for (const make of [() => scaled(), () => scaled({ of: 'logits', factor: 5, name: 'mine' })]) {
    assert.is((await checkMetric(make, { seed: 1 })).laws.length, 6);
  }
});

test('the factory carries its definition: kind, name, the call, direction and options', () => {
  const { definition } = scaled;
  assert.equal([definition.kind, definition.name, definition.call], ['metric', 'scaled-value', 'scaledValue']);
  assert.equal([definition.hardDirection, definition.version, scaled.name], ['high', 3, 'scaledValue']);
  assert.equal(
    rowsOf(definition.options).map(({ name, default: value }) => [name, value]),
    [
      ['name', "'scaled-value'"],
      ['of', "'loss'"],
      ['factor', '2'],
    ],
  );
});

test('its options are refused under its name', () => {
  const calls: [() => unknown, string][] = [
    [
      () => scaled({ fctor: 1 } as never),
      "ARGUMENT_INVALID: scaledValue: unknown option 'fctor'. Known: name, of, factor.",
    ],
    [() => scaled({ factor: 0 }), 'ARGUMENT_INVALID: scaledValue: factor must be a whole number of at least 1; got 0.'],
    [
      () => scaled({ factor: 10, of: 'logits' }),
      'ARGUMENT_INVALID: scaledValue: factor must be at most 9 with logits.',
    ],
    [() => scaled(5 as never), 'ARGUMENT_INVALID: scaledValue: options must be an object { name, of, factor }; got 5.'],
    [
      () => scaled({ name: 'a b' }),
      "METRIC_INVALID: A metric's name must start with a letter and hold letters, digits, '.', '-' or '_' only; got 'a b'.",
    ],
  ];
  for (const [call, message] of calls) assert.is(refusal(call), message);
});

const hooks = {
  hardDirection: 'high',
  init: zeros,
  update: (state: object) => state,
  compute: () => tf.scalar(1),
} as const;

test('a definition that mixes both forms, or whose requires gives no resources, is refused', () => {
  const define = defineMetric as (definition: unknown) => unknown;
  assert.match(
    refusal(() => define({ name: 'a', ...hooks, requires: { loss }, identity: () => ({}) })),
    /^METRIC_INVALID: Metric 'a': identity is of a metric with options: give requires as a function/,
  );
  assert.is(
    refusal(() => define({ name: 'a', ...hooks, requires: () => ({ loss }), options: { at: 'mean' } })),
    'METRIC_INVALID: defineMetric, options: at must be an option, such as oneOf(…); got "mean".',
  );
  const wrong = define({ name: 'a', ...hooks, requires: () => ({ loss: 5 }) }) as () => unknown;
  assert.match(refusal(wrong), /^METRIC_INVALID: Metric 'a': requires\.loss is not a resource/);
});

test('words of a metric or of a column lack neither title nor meaning', () => {
  const define = defineMetric as (definition: unknown) => unknown;
  const withWords = (words: unknown) => refusal(() => define({ name: 'a', ...hooks, requires: { loss }, words }));
  assert.is(withWords({ title: 'A', meaning: 'what it is' }), 'nothing was thrown');
  assert.is(withWords({ a: { title: 'A', meaning: 'what it is' } }), 'nothing was thrown');
  assert.is(
    withWords({ title: 'A' }),
    "METRIC_INVALID: Metric 'a', words: meaning is missing; it must be a string that is not empty.",
  );
  assert.match(withWords({ a: { titles: 'A' } }), /^METRIC_INVALID: Metric 'a', words\.a: unknown option 'titles'/);
});

test('a variant says of some options what differs: direction, words, notes; the factory stands for the rest', () => {
  const words = (title: string) => ({ title, meaning: 'what it is' });
  const metric = defineMetric({
    name: 'a',
    hardDirection: 'high',
    words: words('Loss'),
    options: { of: oneOf('loss', 'logits') },
    variant: ({ of }) =>
      of === 'loss' ? {} : { hardDirection: 'low', words: words('Logits'), notes: ['Low is hard here.'] },
    requires: ({ of }) => ({ value: of === 'loss' ? loss : logits }),
    init: zeros,
    update: (state) => state,
    compute: ({ sum }) => sum,
  });
  const said = ({ hardDirection, words: own, notes }: ReturnType<typeof metric>) => [hardDirection, own, notes];
  assert.equal(said(metric()), ['high', words('Loss'), undefined]);
  assert.equal(said(metric({ of: 'logits' })), ['low', words('Logits'), ['Low is hard here.']]);
  assert.equal([metric.definition.hardDirection, metric.definition.words], ['high', words('Loss')]);
});

test('what a variant says wrongly is refused under the name of its metric; so are notes that are none', () => {
  const define = defineMetric as (definition: unknown) => (options: object) => unknown;
  const made = (variant: unknown) =>
    refusal(() => define({ name: 'a', ...hooks, requires: () => ({ loss }), variant: () => variant })({ name: 'b' }));
  assert.is(made({}), 'nothing was thrown');
  assert.match(made({ hardDirection: 'up' }), /^METRIC_INVALID: Metric 'b': hardDirection must be 'high' or 'low'/);
  assert.match(made({ words: { title: 'A' } }), /^METRIC_INVALID: Metric 'b', words: meaning is missing/);
  assert.match(made({ notes: [5] }), /^METRIC_INVALID: Metric 'b': notes must be a list of sentences\./);
  assert.match(made({ requires: {} }), /^METRIC_INVALID: Metric 'b', variant: unknown option 'requires'/);
  assert.match(made(undefined), /^METRIC_INVALID: Metric 'b', variant/);
  assert.match(
    refusal(() => define({ name: 'a', ...hooks, requires: { loss }, notes: 'one' })),
    /^METRIC_INVALID: .*notes must be an array/,
  );
  assert.match(
    refusal(() => define({ name: 'a', ...hooks, requires: { loss }, variant: () => ({}) })),
    /^METRIC_INVALID: Metric 'a': variant is of a metric with options/,
  );
});

test('identity says which variant it is, where the options do not', () => {
  const metric = defineMetric({
    name: 'a',
    hardDirection: 'high',
    options: { label: oneOf('true', 'predicted') },
    requires: ({ label }) => ({ gradient: inputGradient({ label }) }),
    identity: (_, { gradient }) => ({ gradient: gradient.key }),
    init: zeros,
    update: (state) => state,
    compute: ({ sum }) => sum,
  });
  assert.equal(metric({ label: 'predicted' }).options, { gradient: inputGradient({ label: 'predicted' }).key });
});

test('types: options and resources are those that were declared', () => {
  const compiles = (body: () => unknown): void => assert.type(body, 'function');
  compiles(() =>
    defineMetric({
      name: 'a',
      hardDirection: 'high',
      options: { at: oneOf('mean', 'last') },
      requires: () => ({ loss }),
      init: zeros,
      // @ts-expect-error logits is not required
      update: ({ sum }, { logits: z }) => ({ sum: tf.add(sum, z) }),
      // @ts-expect-error there is no such option
      compute: ({ sum }, _, { until }) => (until ? sum : sum),
    }),
  );
  // @ts-expect-error no such choice
  compiles(() => scaled({ of: 'labels' }));
  // @ts-expect-error no such option
  compiles(() => scaled({ at: 'mean' }));
});

test.run();
