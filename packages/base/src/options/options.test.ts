import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VogError } from '../errors.js';
import {
  anyOf,
  atLeast,
  callable,
  declareOptions,
  fits,
  flag,
  type InputOf,
  integer,
  layerName,
  listOf,
  oneOf,
  positive,
  type ResolvedOf,
  rowsOf,
  share,
  text,
} from './index.js';

const test = suite('options');

const options = declareOptions('vog', {
  channels: oneOf('mean', 'separate').about('Whether an image has one gradient map or one a channel.'),
  ddof: oneOf(0, 1).about('Divisor K - ddof.'),
  pool: integer(1).default(1).about('Average-pools the gradient map by k x k.'),
  unit: integer(0).optional('the label selects it').about('One unit for all examples.'),
  label: anyOf(
    oneOf('true', 'predicted'),
    fits<Int32Array>('an Int32Array', (value) => value instanceof Int32Array),
  )
    .default('true')
    .about('Which label selects the logit.'),
});

const messageOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    assert.instance(error, VogError);
    return `${(error as VogError).code} ${(error as VogError).message}`;
  }
  return 'nothing was thrown';
};

test('what is left out, or undefined, takes its default; what is optional lacks', () => {
  const defaults = { channels: 'mean', ddof: 0, pool: 1, label: 'true' };
  assert.equal(options.resolve({}), defaults);
  assert.equal(options.resolve(undefined), defaults);
  assert.equal(Object.keys(options.resolve({ pool: undefined, unit: undefined })), Object.keys(defaults));
  assert.equal(options.resolve({ pool: 3, unit: 2 }), { ...defaults, pool: 3, unit: 2 });
  const fixed = Int32Array.of(1, 2);
  assert.is(options.resolve({ label: fixed }).label, fixed, 'a value is passed on as it is');
});

test('a bad value is refused with what it must be and what it is', () => {
  const refusals: [unknown, string][] = [
    [{ pool: 'a' }, 'vog: pool must be a whole number of at least 1; got "a".'],
    [{ pool: 0 }, 'vog: pool must be a whole number of at least 1; got 0.'],
    [{ channels: 'all' }, `vog: channels must be 'mean' or 'separate'; got "all".`],
    [{ ddof: 2 }, 'vog: ddof must be 0 or 1; got 2.'],
    [{ ddof: '1' }, 'vog: ddof must be 0 or 1; got "1".'],
    [{ label: 3 }, "vog: label must be 'true' or 'predicted', or an Int32Array; got 3."],
    [{ unit: null }, 'vog: unit must be a whole number of at least 0; got null.'],
    [{ pool: Promise.resolve(1) }, 'vog: pool must be a whole number of at least 1; got a promise. Await it.'],
    [5, 'vog: options must be an object { channels, ddof, pool, unit, … }; got 5.'],
    [null, 'vog: options must be an object { channels, ddof, pool, unit, … }; got null.'],
    [[], 'vog: options must be an object { channels, ddof, pool, unit, … }; got [].'],
    [Promise.resolve({}), 'vog: options must be an object { channels, ddof, pool, unit, … }; got a promise. Await it.'],
  ];
  for (const [given, message] of refusals) {
    assert.is(
      messageOf(() => options.resolve(given)),
      `ARGUMENT_INVALID ${message}`,
    );
  }
});

test('every unknown key is refused by name, also one that all objects inherit, and before any value', () => {
  const known = 'Known: channels, ddof, pool, unit, label.';
  assert.is(
    messageOf(() => options.resolve({ x: 1, pool: 'a', y: undefined })),
    `ARGUMENT_INVALID vog: unknown option 'x', 'y'. ${known}`,
  );
  for (const key of ['constructor', 'toString', '__proto__']) {
    const given = Object.fromEntries([[key, 1]]);
    assert.is(
      messageOf(() => options.resolve(given)),
      `ARGUMENT_INVALID vog: unknown option '${key}'. ${known}`,
    );
  }
  assert.is(
    messageOf(() => declareOptions('f', {}).resolve({ at: 1 })),
    `ARGUMENT_INVALID f: unknown option 'at'. It takes none.`,
  );
});

test('a value inside a list is refused with its place', () => {
  const { resolve } = declareOptions('depth', { layers: listOf(layerName(), 1).required() });
  assert.equal(resolve({ layers: ['a', 'b'] }), { layers: ['a', 'b'] });
  const expected = 'an array of at least 1, each entry the name of a layer';
  for (const [given, problem] of [
    [{}, `layers is missing; it must be ${expected}`],
    [{ layers: [] }, `layers must be ${expected}; got []`],
    [{ layers: 'a' }, `layers must be ${expected}; got "a"`],
    [{ layers: ['a', ''] }, 'layers[1] must be the name of a layer; got ""'],
  ] as const) {
    assert.is(
      messageOf(() => resolve(given)),
      `ARGUMENT_INVALID depth: ${problem}.`,
    );
  }
});

test('two options that contradict one another are refused, with the code that was asked for', () => {
  const { resolve } = declareOptions(
    'meanLoss',
    { at: oneOf('mean', 'last'), units: flag().default(false) },
    {
      contradiction: ({ at, units }) => (units && at === 'last' ? "at must be 'mean' with units: true" : undefined),
      code: 'INPUT_SHAPE',
    },
  );
  assert.equal(resolve({ units: true }), { at: 'mean', units: true });
  assert.is(
    messageOf(() => resolve({ units: true, at: 'last' })),
    "INPUT_SHAPE meanLoss: at must be 'mean' with units: true.",
  );
  assert.is(
    messageOf(() => resolve({ at: 1 })),
    "INPUT_SHAPE meanLoss: at must be 'mean' or 'last'; got 1.",
  );
});

test('the identity is plain, in the order of the declaration, equal for equal options however given', () => {
  const identity = (given: InputOf<typeof options.entries>) => JSON.stringify(options.identity(options.resolve(given)));
  const plain = '{"channels":"mean","ddof":0,"pool":2,"label":"true"}';
  assert.is(identity({ pool: 2 }), plain);
  assert.is(identity({ label: 'true', pool: 2, channels: 'mean' }), plain);
  assert.is(identity({ label: Int32Array.of(1, 2) }), identity({ label: Int32Array.of(1, 2) }));
  assert.is.not(identity({ label: Int32Array.of(1, 2) }), identity({ label: Int32Array.of(2, 1) }));
});

test('an option may say what identifies it, or that it makes no difference', () => {
  const { identity, resolve } = declareOptions('f', {
    rate: anyOf(atLeast(0), callable<() => number>()).default(1),
    many: positive().default(1),
    chunk: integer(1)
      .optional()
      .identifiedBy(() => undefined),
    clock: fits<Date>('a date', (value) => value instanceof Date)
      .default(new Date(5))
      .identifiedBy((date) => date.getTime()),
    names: listOf(text()).default(['b', 'a']),
  });
  assert.equal(identity(resolve({ rate: () => 1, chunk: 8 })), {
    rate: 'function',
    many: 1,
    clock: 5,
    names: '["b","a"]',
  });
});

test('the rows tell name, type, default and description', () => {
  assert.equal(
    rowsOf(options).map((row) => Object.values(row).join(' | ')),
    [
      "channels | 'mean' or 'separate' | 'mean' | Whether an image has one gradient map or one a channel.",
      'ddof | 0 or 1 | 0 | Divisor K - ddof.',
      'pool | a whole number of at least 1 | 1 | Average-pools the gradient map by k x k.',
      'unit | a whole number of at least 0 | the label selects it | One unit for all examples.',
      "label | 'true' or 'predicted', or an Int32Array | 'true' | Which label selects the logit.",
    ],
  );
});

test('the types follow from the declaration', () => {
  type Input = InputOf<typeof options.entries>;
  type Resolved = ResolvedOf<typeof options.entries>;
  const given: Input = { channels: 'separate', ddof: 1 };
  const resolved: Resolved = options.resolve(given);
  const channels: 'mean' | 'separate' = resolved.channels;
  const pool: number = resolved.pool;
  // @ts-expect-error what is optional may lack
  const unit: number = resolved.unit;
  // @ts-expect-error no such choice
  const wrong: Input = { channels: 'all' };
  // @ts-expect-error no such option
  const unknown: Input = { chanels: 'mean' };
  // @ts-expect-error a default is one of the values
  const never = () => share().default('all');
  const required = declareOptions('f', { layers: listOf(text()).required() });
  // @ts-expect-error it must be given
  const missing: InputOf<typeof required.entries> = {};
  assert.equal([channels, pool, unit], ['separate', 1, undefined]);
  assert.type(never, 'function');
  assert.equal([Object.keys(wrong), Object.keys(unknown), Object.keys(missing)], [['channels'], ['chanels'], []]);
});

test.run();
