import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VogError } from '../errors.js';
import { encodeLabels, kindOfLabels, type LabelValue } from './encode-labels.js';

const test = suite('encodeLabels');

function refused(labels: unknown, message: RegExp, classNames?: readonly string[]): void {
  let error: unknown;
  try {
    encodeLabels(labels as ArrayLike<LabelValue>, classNames === undefined ? {} : { classNames });
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof VogError && error.code === 'LABEL_INVALID' && message.test(error.message), String(error));
}

test('labels of every kind become indices, and class names follow', () => {
  const cases: [ArrayLike<LabelValue>, number[], readonly string[] | null][] = [
    [[2, 0, 1], [2, 0, 1], null],
    [Uint8Array.of(1, 0), [1, 0], null],
    [[3n, 0n], [3, 0], null],
    [BigInt64Array.of(1n, 0n), [1, 0], null],
    [
      [true, false, true],
      [1, 0, 1],
      ['false', 'true'],
    ],
    [
      [-1, 1, 1],
      [0, 1, 1],
      ['-1', '+1'],
    ],
    [
      [-1n, 1n],
      [0, 1],
      ['-1', '+1'],
    ],
    [
      ['b', 'a', 'b'],
      [1, 0, 1],
      ['a', 'b'],
    ],
    [['10', '2'], [10, 2], null],
    [
      ['x', '2'],
      [1, 0],
      ['2', 'x'],
    ],
    [[], [], null],
    [[1, 1], [1, 1], null],
  ];
  for (const [labels, expected, names] of cases) {
    const encoded = encodeLabels(labels);
    assert.equal([[...encoded.labels], encoded.classNames], [expected, names]);
  }
  assert.equal([...encodeLabels(['dog', 'cat'], { classNames: ['dog', 'cat', 'cow'] }).labels], [0, 1]);
  assert.equal([...encodeLabels(['1', '0'], { classNames: ['0', '1'] }).labels], [1, 0]);
  assert.equal(encodeLabels([false], { classNames: ['no', 'yes'] }).classNames, ['no', 'yes']);
});

test('mixtures, and what is not a class, are refused with the example', () => {
  refused([0, '1'], /label 1 of example 1 is a string among numbers/);
  refused(['a', 1], /1 of example 1 is a number among strings/);
  refused([true, 1], /1 of example 1 is a number among booleans/);
  refused([1, 1n], /example 1 is a bigint among numbers/);
  refused([1, null], /example 1 is missing/);
  refused([undefined], /example 0 is missing, which is not a label/);
  refused([{}], /example 0 is a object|example 0 is an object/);
  refused([0, -1, 2], /label -1 of example 1.*two classes when there are no others/);
  refused([0.5], /label 0\.5/);
  refused([Number.NaN], /label NaN/);
  refused([2 ** 31], /label 2147483648/);
  refused([0, 3], /label 3 of example 1.*0 to 1/, ['a', 'b']);
  refused(['cow'], /'cow' of example 0 is not among classNames: a, b/, ['a', 'b']);
  refused(null, /must be an array/);
  refused('abc', /must be an array/);
});

test('a typed array is of one kind without being looked through', () => {
  assert.is(kindOfLabels(new Float32Array(3), 'x'), 'number');
  assert.is(kindOfLabels(new BigUint64Array(1), 'x'), 'bigint');
});

test.run();
