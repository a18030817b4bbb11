import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allocate, bytesOf, elementCount, type ElementType, type TypedArray } from '../bytes/arrays.js';
import { VogError } from '@vogjs/base';
import { readNpy, writeNpy } from './npy.js';
import { NUMPY_FILES, NUMPY_FILES_REFUSED } from './npy.test.helper.js';
import { forRandomInputs } from '@vogjs/testing';
import { atOddAddress, randomShape } from '../bytes/properties.test.helper.js';

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

const coded = (code: string, part: RegExp) => (error: unknown) =>
  error instanceof VogError && error.code === code && part.test(error.message);

const TYPES: readonly ElementType[] = [
  'bool',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float32',
  'float64',
];

/** A file with this header text, padded as a version 1 file is, and these data bytes. */
function fileOf(header: string, data = new Uint8Array()): Uint8Array {
  const start = Math.ceil((10 + header.length + 1) / 64) * 64;
  const file = new Uint8Array(start + data.length);
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, (start - 10) & 255, (start - 10) >> 8]);
  file.set(new TextEncoder().encode(`${header.padEnd(start - 11)}\n`), 10);
  file.set(data, start);
  return file;
}

for (const { name, dtype, shape, values, base64 } of NUMPY_FILES) {
  test(`readNpy reads NumPy's ${name} file, at an aligned and at an odd address`, () => {
    for (const bytes of [fromBase64(base64), atOddAddress(fromBase64(base64))]) {
      const array = readNpy(bytes);
      assert.is(array.dtype, dtype);
      assert.equal(array.shape, shape);
      assert.equal([...(array.data as Iterable<number | bigint>)], values);
    }
  });
}

test('writeNpy(readNpy(file)) = file for each file that NumPy wrote in version 1, C order and little-endian', () => {
  const canonical = NUMPY_FILES.filter(({ name }) => !/version|Fortran|big-endian/.test(name));
  assert.is(canonical.length, 6);
  for (const { base64 } of canonical) {
    const { data, shape, dtype } = readNpy(fromBase64(base64));
    assert.equal(writeNpy(dtype === 'bool' ? { data, shape, dtype } : { data, shape }), fromBase64(base64));
  }
});

test('readNpy(writeNpy(a)) = a for random shapes, types and bits', () => {
  forRandomInputs(200, (random) => {
    const shape = randomShape(random);
    const dtype = TYPES[random.integer(TYPES.length)]!;
    const data: TypedArray = allocate(dtype, elementCount(shape));
    const bytes = bytesOf(data);
    for (let at = 0; at < bytes.length; at++) bytes[at] = random.integer(dtype === 'bool' ? 2 : 256);
    const file = writeNpy(dtype === 'bool' ? { data, shape, dtype } : { data, shape });
    const array = readNpy(random.uniform() < 0.5 ? file : atOddAddress(file));
    assert.is(array.dtype, dtype);
    assert.equal(array.shape, shape);
    assert.is(array.data.constructor, data.constructor);
    assert.equal(bytesOf(array.data), bytes); // bit by bit: NaN payloads and -0 too
  });
});

test('readNpy views an aligned file and copies a misaligned one', () => {
  const file = writeNpy({ data: Float64Array.of(1, 2), shape: [2] });
  assert.is(readNpy(file).data.buffer, file.buffer);
  const odd = atOddAddress(file);
  assert.is.not(readNpy(odd).data.buffer, odd.buffer);
});

test('a header of 25,000 dimensions is written in version 2 and read back', () => {
  const shape = Array.from({ length: 25_000 }, () => 1);
  const file = writeNpy({ data: Int8Array.of(7), shape });
  assert.is(file[6], 2);
  assert.equal(readNpy(file), { shape, data: Int8Array.of(7), dtype: 'int8' });
});

/** A file of version 2, whose header may be long. */
function wideFileOf(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(header);
  const length = new Uint8Array(Uint32Array.of(text.length).buffer);
  return new Uint8Array(Buffer.concat([Buffer.from('\x93NUMPY\x02\x00', 'latin1'), length, text, data]));
}

test('every cut of a file is FORMAT_TRUNCATED', () => {
  const file = writeNpy({ data: Float32Array.of(1, 2, 3), shape: [3] });
  for (let length = 0; length < file.length; length++) {
    assert.throws(() => readNpy(file.subarray(0, length)), coded('FORMAT_TRUNCATED', new RegExp(`byte ${length},`)));
  }
});

test('a byte after the array is FORMAT_INVALID', () => {
  const file = writeNpy({ data: Float32Array.of(1), shape: [1] });
  assert.throws(() => readNpy(Uint8Array.of(...file, 0)), coded('FORMAT_INVALID', /1 bytes after.*byte 132/));
});

test('a wrong magic is FORMAT_INVALID with its offset', () => {
  assert.throws(() => readNpy(new TextEncoder().encode('PK\x03\x04')), coded('FORMAT_INVALID', /byte 0 is 80/));
});

for (const [name, base64] of Object.entries(NUMPY_FILES_REFUSED)) {
  test(`NumPy's ${name} file is FORMAT_UNSUPPORTED`, () => {
    assert.throws(() => readNpy(fromBase64(base64)), coded('FORMAT_UNSUPPORTED', /astype/));
  });
}

test('a version to come is FORMAT_UNSUPPORTED', () => {
  const file = writeNpy({ data: Float32Array.of(1), shape: [1] });
  file[6] = 4;
  assert.throws(() => readNpy(file), coded('FORMAT_UNSUPPORTED', /version 4\.0/));
});

const DAMAGED: Readonly<Record<string, string>> = {
  'no dictionary': "'descr': '<f4'",
  'a key missing': "{'descr': '<f4', 'shape': (1,), }",
  'a key twice': "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
  'an unknown key': "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'extra': True, }",
  'a shape that is a number': "{'descr': '<f4', 'fortran_order': False, 'shape': (1), }",
  'a negative dimension': "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
  'a fractional dimension': "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,), }",
  'more elements than exist':
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9007199254740991, 9007199254740991), }",
  'an order that is neither': "{'descr': '<f4', 'fortran_order': 'no', 'shape': (1,), }",
};
for (const [name, header] of Object.entries(DAMAGED)) {
  test(`a header with ${name} is FORMAT_INVALID`, () => {
    assert.throws(() => readNpy(fileOf(header, new Uint8Array(4))), coded('FORMAT_INVALID', /./));
  });
}

test("Python 2's dimensions, 3L, are read", () => {
  const file = fileOf("{'descr': '|u1', 'fortran_order': False, 'shape': (3L, 1L), }", Uint8Array.of(1, 2, 3));
  assert.equal(readNpy(file), { shape: [3, 1], data: Uint8Array.of(1, 2, 3), dtype: 'uint8' });
});

test('a random change of one byte is read or is a coded error, never another', () => {
  forRandomInputs(300, (random) => {
    const file = writeNpy({ data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
    file[random.integer(128)] = random.integer(256);
    try {
      assert.ok(readNpy(file).data.byteLength <= 24);
    } catch (error) {
      assert.instance(error, VogError, String(error));
    }
  });
});

test('a header of 100,000 characters that fit no pattern is refused within a second', () => {
  const many = (text: string): string => text.repeat(100_000 / text.length);
  const start = "{'descr': '<f4', 'fortran_order': False, 'shape': ";
  const hostile: Readonly<Record<string, string>> = {
    'spaces in the shape': `${start}(1,${many(' ')}x), }`,
    'digits without a comma': `${start}(${many('1')}x), }`,
    'dimensions without an end': `${start}(${many('1 ,')}`,
    'braces and spaces': `{${many('} ')}x`,
    brackets: `{'descr': [${many('] ')}x`,
    'opening brackets': `{'descr': ${many('[')}`,
    'keys without values': `{${many("'a'")}`,
    'quotes of both kinds': `{${many(`'"`)}`,
    entries: `{${Array.from({ length: 10_000 }, (_, i) => `'a${i}': True`).join(', ')}}`,
    spaces: many(' '),
    'spaces, then a dictionary that is none': `${many(' ')}{${many(' ')}`,
  };
  for (const [name, header] of Object.entries(hostile)) {
    const began = processorTime();
    assert.throws(() => readNpy(wideFileOf(header)), coded('FORMAT_INVALID', /./), name);
    const took = processorTime() - began;
    assert.ok(took < 1000, `${name}: ${took} ms`);
  }
});

test('a header that claims 2 MiB is refused before it is read', () => {
  assert.throws(() => readNpy(wideFileOf(' '.repeat(2 ** 21))), coded('FORMAT_INVALID', /claims 2097152 bytes/));
});

test('a Fortran-ordered array with 20,000 dimensions of 1 is read within a second', () => {
  const shape = `(2, 3, ${'1, '.repeat(20_000)}4000)`;
  const header = `{'descr': '|u1', 'fortran_order': True, 'shape': ${shape}, }`;
  const data = Uint8Array.from({ length: 24_000 }, (_, index) => index % 251);
  const began = processorTime();
  const array = readNpy(wideFileOf(header, data));
  assert.ok(processorTime() - began < 1000);
  // Element [y, x, …, z] lies at y + 2 x + 6 z in the file.
  for (const [y, x, z] of [
    [0, 0, 0],
    [1, 2, 3],
    [0, 1, 3999],
  ] as const) {
    assert.is(array.data[(y * 3 + x) * 4000 + z], data[y + 2 * x + 6 * z]);
  }
});

test('a Node Buffer at any address is read as the same bytes in a Uint8Array are', () => {
  const file = writeNpy({ data: Float64Array.of(1, -2, 3), shape: [3] });
  for (let offset = 0; offset < 16; offset++) {
    const buffer = Buffer.concat([Buffer.alloc(offset), file]).subarray(offset);
    assert.equal(readNpy(buffer), readNpy(file), `offset ${offset}`);
  }
  // 54 bytes of header leave the data at an odd multiple: no writer pads so, and every reader must do.
  const short = fileOf("{'descr':'<f8','fortran_order':False,'shape':(1,)}", new Uint8Array(Float64Array.of(7).buffer));
  assert.equal(readNpy(Buffer.from(short)).data, Float64Array.of(7));
});

for (const [what, value, way] of [
  ['a path', 'images.npy', /got "images\.npy"\. Read the file first/],
  ['an ArrayBuffer', new ArrayBuffer(8), /an ArrayBuffer\. Pass new Uint8Array\(buffer\)/],
  ['a promise', Promise.resolve(), /a promise\. Await it/],
  ['floats', new Float32Array(2), /a Float32Array\. Pass new Uint8Array\(data\.buffer/],
  ['nothing', undefined, /got undefined/],
  ['null', null, /got null/],
  ['numbers', [1, 2], /got \[1, 2\]/],
] as const) {
  test(`readNpy of ${what} is ARGUMENT_INVALID, and says what to pass`, () => {
    assert.throws(() => readNpy(value as unknown as Uint8Array), coded('ARGUMENT_INVALID', way));
  });
}

test('writeNpy refuses what does not fit: INPUT_SHAPE, ARGUMENT_INVALID', () => {
  const data = Float32Array.of(1, 2);
  assert.throws(() => writeNpy({ data, shape: [3] }), coded('INPUT_SHAPE', /3 elements and the data 2/));
  assert.throws(() => writeNpy({ data, shape: [-2] }), coded('INPUT_SHAPE', /\[-2\]/));
  assert.throws(() => writeNpy({ data, shape: [0.5, 4] }), coded('INPUT_SHAPE', /whole numbers/));
  assert.throws(
    () => writeNpy({ data: Uint8Array.of(2), shape: [1], dtype: 'bool' }),
    coded('ARGUMENT_INVALID', /0 and 1/),
  );
  assert.throws(() => writeNpy({ data, shape: [2], dtype: 'bool' }), coded('ARGUMENT_INVALID', /float32 data/));
  const call = writeNpy as (...args: unknown[]) => unknown;
  assert.throws(() => call(data), coded('ARGUMENT_INVALID', /expected \{ data, shape \}, got a Float32Array/));
  assert.throws(() => call(), coded('ARGUMENT_INVALID', /got undefined/));
  assert.throws(() => call({ data }), coded('INPUT_SHAPE', /The shape is undefined/));
  assert.throws(() => call({ data, shape: 2 }), coded('INPUT_SHAPE', /The shape is 2/));
  assert.throws(() => call({ data, shape: [2], order: 'F' }), coded('ARGUMENT_INVALID', /unknown option 'order'/));
  assert.throws(() => call({ data, shape: [2], dtype: 'float16' }), coded('ARGUMENT_INVALID', /dtype is "float16"/));
  assert.throws(() => call({ shape: [2] }), coded('ARGUMENT_INVALID', /The data is of type undefined/));
  const list = [1, 2] as unknown as TypedArray;
  assert.throws(() => writeNpy({ data: list, shape: [2] }), coded('ARGUMENT_INVALID', /typed array/));
});

/** Milliseconds of the processor: other processes on the machine do not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

test.run();
