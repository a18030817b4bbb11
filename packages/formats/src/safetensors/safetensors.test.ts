import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allocate, bytesOf, elementCount, type ElementType } from '../bytes/arrays.js';
import { VogError } from '@vogjs/base';
import { forRandomInputs } from '@vogjs/testing';
import { atOddAddress, randomShape } from '../bytes/properties.test.helper.js';
import { readSafetensors, writeSafetensors, type SafetensorsInput } from './safetensors.js';
import { readSafetensorsHeader, type SafetensorsType } from './safetensors-header.js';

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

const coded = (code: string, part: RegExp) => (error: unknown) =>
  error instanceof VogError && error.code === code && part.test(error.message);

// Python's safetensors 0.8.0, safetensors.numpy.save with metadata.
const FROM_PYTHON =
  'mAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJub3RlIjoiZ3LDvMOfZSIsImZvcm1hdCI6Im5wIn0sInU2NCI6eyJkdHlwZSI6IlU2NCIsInNoYXBl' +
  'IjpbMV0sImRhdGFfb2Zmc2V0cyI6WzAsOF19LCJpZHMiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls4LDI0XX0s' +
  'ImVtcHR5Ijp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlswLDRdLCJkYXRhX29mZnNldHMiOlsyNCwyNF19LCJ3ZWlnaHRzIjp7ImR0eXBlIjoiRjMy' +
  'Iiwic2hhcGUiOlsyLDJdLCJkYXRhX29mZnNldHMiOlsyNCw0MF19LCJzY2FsYXIiOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpbXSwiZGF0YV9vZmZz' +
  'ZXRzIjpbNDAsNDFdfSwibWFzayI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOls0MSw0NF19fSAgICAgICD/////' +
  '/////wEAAAAAACAA//////////8AAMA/AAAAwAAAQEAAAIA+BwEAAQ==';
const HALF_FROM_PYTHON = 'OAAAAAAAAAB7ImgiOnsiZHR5cGUiOiJGMTYiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlswLDRdfX0gIAAAADw=';

/** A file with this header and so many data bytes. */
function fileOf(header: unknown, dataLength: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

const byte = (begin: number, end: number, more: object = {}): object => ({
  dtype: 'U8',
  shape: [end - begin],
  data_offsets: [begin, end],
  ...more,
});

test('a Node Buffer at any address of a pool reads as the same bytes in a Uint8Array do', () => {
  for (const file of [
    fromBase64(FROM_PYTHON),
    writeSafetensors({ wide: { data: Float64Array.of(1, 2), shape: [2] } }),
    writeSafetensors({ x: { data: Float32Array.of(1.5, -2), shape: [2] }, b: { data: Uint8Array.of(1), shape: [1] } }),
  ]) {
    const expected = readSafetensors(file);
    for (let shift = 0; shift < 8; shift++) {
      const pool = Buffer.alloc(file.length + 16, 0xff);
      pool.set(file, shift);
      assert.equal(readSafetensors(pool.subarray(shift, shift + file.length)), expected, `shift ${shift}`);
    }
  }
});

test('what is no Uint8Array is refused by code', () => {
  for (const value of [new ArrayBuffer(64), 'path', null, undefined, [1, 2], new DataView(new ArrayBuffer(64))]) {
    assert.throws(() => readSafetensors(value as never), coded('ARGUMENT_INVALID', /Uint8Array/));
  }
});

test("readSafetensors reads Python's file, at an aligned and at an odd address", () => {
  for (const bytes of [fromBase64(FROM_PYTHON), atOddAddress(fromBase64(FROM_PYTHON))]) {
    const { tensors, metadata } = readSafetensors(bytes);
    assert.equal(metadata, { format: 'np', note: 'grüße' });
    assert.equal(tensors, {
      u64: { dtype: 'U64', shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
      ids: { dtype: 'I64', shape: [2], data: BigInt64Array.of(2n ** 53n + 1n, -1n) },
      empty: { dtype: 'F64', shape: [0, 4], data: new Float64Array() },
      weights: { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1.5, -2, 3, 0.25) },
      scalar: { dtype: 'U8', shape: [], data: Uint8Array.of(7) },
      mask: { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) },
    });
  }
});

const TYPES: Readonly<Record<SafetensorsType, ElementType>> = {
  BOOL: 'bool',
  U8: 'uint8',
  I8: 'int8',
  U16: 'uint16',
  I16: 'int16',
  U32: 'uint32',
  I32: 'int32',
  U64: 'uint64',
  I64: 'int64',
  F32: 'float32',
  F64: 'float64',
};

test('readSafetensors(writeSafetensors(tensors, metadata)) = (tensors, metadata) for random names, shapes and bits', () => {
  const names = ['a', 'layer/kernel:0', '日本', '"quoted"\n', '', '__proto__', '10', '9', 'constructor'];
  forRandomInputs(150, (random) => {
    const inputs: [string, Required<SafetensorsInput>][] = [...random.shuffle(names.length)]
      .slice(0, random.integer(names.length + 1))
      .map((at) => {
        const dtype = Object.keys(TYPES)[random.integer(11)] as SafetensorsType;
        const shape = randomShape(random);
        const data = allocate(TYPES[dtype], elementCount(shape));
        const bytes = bytesOf(data);
        for (let index = 0; index < bytes.length; index++) bytes[index] = random.integer(dtype === 'BOOL' ? 2 : 256);
        return [names[at]!, { dtype, shape, data }];
      });
    const metadata = random.uniform() < 0.5 ? {} : { 'a key': 'ü\u0000"', other: '' };
    const file = writeSafetensors(Object.fromEntries(inputs), metadata);
    const read = readSafetensors(file);
    assert.equal(read.metadata, metadata);
    assert.equal(Object.keys(read.tensors).sort(), inputs.map(([name]) => name).sort());
    for (const [name, { dtype, shape, data }] of inputs) {
      const tensor = Object.getOwnPropertyDescriptor(read.tensors, name)!.value as Required<SafetensorsInput>;
      assert.is(tensor.dtype, dtype);
      assert.equal(tensor.shape, shape);
      assert.is(tensor.data.constructor, data.constructor);
      assert.equal(bytesOf(tensor.data), bytesOf(data));
      assert.is(tensor.data.buffer, file.buffer, 'an aligned file is viewed, not copied');
    }
    assert.equal(Object.keys(readSafetensors(atOddAddress(file)).tensors), Object.keys(read.tensors));
  });
});

test('the data starts at a multiple of 8', () => {
  for (let length = 0; length < 9; length++) {
    const file = writeSafetensors({ ['x'.repeat(length)]: { data: Float64Array.of(1), shape: [1] } });
    assert.is((file.length - 8) % 8, 0);
  }
});

test('every cut of a file is FORMAT_TRUNCATED', () => {
  const file = fromBase64(FROM_PYTHON);
  for (let length = 0; length < file.length; length++) {
    assert.throws(
      () => readSafetensors(file.subarray(0, length)),
      coded('FORMAT_TRUNCATED', new RegExp(`byte ${length},`)),
    );
  }
});

test('a byte after the last tensor is FORMAT_INVALID', () => {
  const file = fileOf({ a: byte(0, 2) }, 3);
  assert.throws(() => readSafetensors(file), coded('FORMAT_INVALID', /1 bytes after/));
});

test("readSafetensors reads Python's 16-bit floats as 32-bit ones, at an aligned and at an odd address", () => {
  for (const bytes of [fromBase64(HALF_FROM_PYTHON), atOddAddress(fromBase64(HALF_FROM_PYTHON))]) {
    assert.equal(readSafetensors(bytes).tensors, { h: { dtype: 'F16', shape: [2], data: Float32Array.of(0, 1) } });
  }
});

test('floats of 8 bits are FORMAT_UNSUPPORTED, and so is a half that a state would hold', () => {
  const quarter = fileOf({ a: byte(0, 2, { dtype: 'F8_E4M3' }) }, 2);
  assert.throws(() => readSafetensors(quarter), coded('FORMAT_UNSUPPORTED', /"F8_E4M3".*F32, F64, F16, BF16/));
  const file = fromBase64(HALF_FROM_PYTHON);
  const head = file.subarray(0, file.length - 4);
  assert.throws(() => readSafetensorsHeader(head, file.length), coded('FORMAT_UNSUPPORTED', /"F16".*F32/));
});

test('what is read of 16-bit floats can be written again, to the same bytes; other data is no half', () => {
  const { tensors, metadata } = readSafetensors(fromBase64(HALF_FROM_PYTHON));
  assert.equal(readSafetensors(writeSafetensors(tensors, metadata)).tensors, tensors);
  assert.equal(writeSafetensors(tensors), fromBase64(HALF_FROM_PYTHON));
  const wide: SafetensorsInput = { data: Float64Array.of(1), shape: [1], dtype: 'BF16' };
  assert.throws(() => writeSafetensors({ wide }), coded('ARGUMENT_INVALID', /F64 data but is declared BF16/));
});

function withByte(file: Uint8Array, at: number, value: number): Uint8Array {
  file[at] = value;
  return file;
}

const DAMAGED: Readonly<Record<string, readonly [Uint8Array, RegExp]>> = {
  'tensors that overlap': [fileOf({ a: byte(0, 3), b: byte(2, 4) }, 4), /overlap/],
  'a hole between tensors': [fileOf({ a: byte(0, 2), b: byte(3, 4) }, 4), /hole/],
  'a hole before the first tensor': [fileOf({ a: byte(1, 2) }, 2), /hole/],
  'a shape that does not fill its span': [fileOf({ a: byte(0, 2, { shape: [3] }) }, 2), /takes 3 bytes, but spans 2/],
  'a span longer than its shape': [fileOf({ a: byte(0, 2, { shape: [1] }) }, 2), /takes 1 bytes, but spans 2/],
  'an end before its begin': [fileOf({ a: byte(0, 2, { data_offsets: [2, 0] }) }, 2), /begin <= end/],
  'three offsets': [fileOf({ a: byte(0, 2, { data_offsets: [0, 2, 2] }) }, 2), /begin, end/],
  'negative offsets': [fileOf({ a: byte(0, 2, { data_offsets: [-2, 0] }) }, 2), /begin, end/],
  'a fractional dimension': [fileOf({ a: byte(0, 2, { shape: [0.5, 4] }) }, 2), /whole numbers/],
  'more elements than exist': [fileOf({ a: byte(0, 2, { shape: [2 ** 52, 2 ** 52] }) }, 2), /more elements/],
  'no dtype': [fileOf({ a: byte(0, 2, { dtype: 3 }) }, 2), /no dtype/],
  'a tensor that is no object': [fileOf({ a: [1] }, 0), /object/],
  'metadata that is not text': [fileOf({ __metadata__: { epoch: 3 } }, 0), /strings/],
  'a header that is not JSON': [fileOf('{"a": ', 0), /not JSON/],
  'a name that is not UTF-8': [withByte(fileOf({ x: byte(0, 0) }, 0), 10, 0xff), /UTF-8/],
  'a header that is a list': [fileOf([1], 0), /byte 8 is 91/],
  'a header of 2^63 bytes': [Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128, 0x7b), /at most 100000000/],
};
for (const [name, [file, part]] of Object.entries(DAMAGED)) {
  test(`${name}: FORMAT_INVALID`, () => {
    assert.throws(() => readSafetensors(file), coded('FORMAT_INVALID', part));
  });
}

test('a random change of one byte of the header is read or is a coded error, never another', () => {
  forRandomInputs(300, (random) => {
    const file = fromBase64(FROM_PYTHON);
    file[random.integer(8 + 408)] = random.integer(256);
    try {
      assert.ok(Object.keys(readSafetensors(file).tensors).length <= 6);
    } catch (error) {
      assert.instance(error, VogError, String(error));
    }
  });
});

test('what torch.save wrote is told by its first bytes, whatever its name says', () => {
  for (const start of [
    [0x50, 0x4b, 3, 4],
    [0x80, 2, 0x8a, 0x0a],
  ]) {
    const file = Uint8Array.from({ length: 40 }, (_, at) => start[at] ?? at);
    assert.throws(
      () => readSafetensors(file),
      coded('FORMAT_INVALID', /a pickle, as torch\.save writes it.*save_file/),
    );
  }
});

test('writeSafetensors refuses what the format cannot hold', () => {
  const data = Float32Array.of(1, 2);
  const write =
    (tensor: SafetensorsInput, name = 'x') =>
    () =>
      writeSafetensors({ [name]: tensor });
  assert.throws(write({ data, shape: [3] }), coded('INPUT_SHAPE', /tensor "x".*3 elements and the data 2/));
  assert.throws(write({ data, shape: [2], dtype: 'F64' }), coded('ARGUMENT_INVALID', /F32 data but is declared F64/));
  assert.throws(write({ data: Uint8Array.of(3), shape: [1], dtype: 'BOOL' }), coded('ARGUMENT_INVALID', /0 and 1/));
  assert.throws(write({ data, shape: [2] }, '__metadata__'), coded('ARGUMENT_INVALID', /cannot be named/));
  const number = { epoch: 3 } as unknown as Record<string, string>;
  assert.throws(() => writeSafetensors({}, number), coded('ARGUMENT_INVALID', /metadata\.epoch/));
});

test.run();
