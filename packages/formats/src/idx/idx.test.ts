import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VogError } from '@vogjs/base';
import { readIdx } from './idx.js';
import { sharedData, testOnSharedData } from '../shared-data.test.helper.js';

async function refuses(bytes: Uint8Array, code: string, part: RegExp): Promise<void> {
  const error: unknown = await readIdx(bytes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, VogError, `nothing coded was thrown: ${String(error)}`);
  assert.is((error as VogError).code, code, String(error));
  assert.match((error as VogError).message, part);
}

/** IDX by the specification: all numbers big-endian. */
function idxOf(type: number, shape: readonly number[], data: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * shape.length + data.length);
  file.set([0, 0, type, shape.length]);
  for (const [axis, dimension] of shape.entries()) new DataView(file.buffer).setUint32(4 + 4 * axis, dimension);
  file.set(data, 4 + 4 * shape.length);
  return file;
}

// The bytes of 1 and -2 in each type, most significant first, as the specification has them.
const TYPES = [
  ['int8', 0x09, Int8Array, [1, 254]],
  ['int16', 0x0b, Int16Array, [0, 1, 255, 254]],
  ['int32', 0x0c, Int32Array, [0, 0, 0, 1, 255, 255, 255, 254]],
  ['float32', 0x0d, Float32Array, [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]],
  ['float64', 0x0e, Float64Array, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0]],
] as const;
for (const [dtype, code, Constructor, bytes] of TYPES) {
  test(`readIdx reads ${dtype}, plain and gzipped`, async () => {
    const file = idxOf(code, [2, 1], Uint8Array.from(bytes));
    for (const form of [file, new Uint8Array(gzipSync(file))]) {
      assert.equal(await readIdx(form), { shape: [2, 1], data: Constructor.of(1, -2), dtype });
    }
  });
}

test('readIdx reads bytes at an offset of a larger buffer, as a view', async () => {
  const file = Uint8Array.of(9, 9, 9, ...idxOf(0x08, [3], Uint8Array.of(5, 6, 255)), 9);
  const array = await readIdx(file.subarray(3, -1));
  assert.equal(array, { shape: [3], data: Uint8Array.of(5, 6, 255), dtype: 'uint8' });
  assert.is(array.data.buffer, file.buffer);
});

test('readIdx reads zero-size and 0-d arrays', async () => {
  assert.equal((await readIdx(idxOf(0x0d, [0, 28, 28], new Uint8Array()))).shape, [0, 28, 28]);
  assert.equal(await readIdx(idxOf(0x08, [], Uint8Array.of(4))), { shape: [], data: Uint8Array.of(4), dtype: 'uint8' });
});

test('every cut of a plain or gzipped file is FORMAT_TRUNCATED', async () => {
  const file = idxOf(0x0b, [2], Uint8Array.of(0, 1, 0, 2));
  for (let length = 0; length < file.length; length++) {
    await refuses(file.subarray(0, length), 'FORMAT_TRUNCATED', new RegExp(`byte ${length},`));
  }
  const gzipped = new Uint8Array(gzipSync(file));
  for (let length = 2; length < gzipped.length; length++) {
    await refuses(gzipped.subarray(0, length), 'FORMAT_TRUNCATED', /cut short/);
  }
});

test('what is not IDX is FORMAT_INVALID, with the offset', async () => {
  await refuses(new TextEncoder().encode('PNG file'), 'FORMAT_INVALID', /byte 0 is 80/);
  await refuses(Uint8Array.of(0, 7, 8, 1), 'FORMAT_INVALID', /byte 1 is 7/);
  await refuses(Uint8Array.of(0, 0, 10, 1), 'FORMAT_INVALID', /byte 2, the element type, is 10/);
  await refuses(idxOf(0x08, [2], new Uint8Array(5)), 'FORMAT_INVALID', /3 bytes after.*byte 10/);
  await refuses(idxOf(0x08, [2 ** 32 - 1, 2 ** 32 - 1], new Uint8Array(5)), 'FORMAT_TRUNCATED', /byte 17/);
});

test('a gzip stream with a changed byte, or with junk behind it, is FORMAT_INVALID', async () => {
  const gzipped = gzipSync(
    idxOf(
      0x08,
      [256],
      Uint8Array.from({ length: 256 }, (_, index) => (index * 97) % 251),
    ),
  );
  const changed = new Uint8Array(gzipped);
  changed[changed.length - 6]! ^= 1; // in the checksum
  await refuses(changed, 'FORMAT_INVALID', /damaged/);
  await refuses(Uint8Array.of(...gzipped, 1, 2, 3), 'FORMAT_INVALID', /damaged/);
});

/** A gzip stream of zeros under an IDX header that promises `promised` bytes. */
const zerosOf = (promised: number, zeros: number) =>
  new Uint8Array(gzipSync(idxOf(0x08, [promised], new Uint8Array(zeros))));

test('a gzip bomb is refused as soon as it goes beyond its header, in the memory of what was promised', async () => {
  const bomb = zerosOf(100, 2 ** 26);
  const before = process.memoryUsage().rss;
  const began = processorTime();
  await refuses(bomb, 'FORMAT_INVALID', /goes on after its array, which ends at byte 108/);
  assert.ok(processorTime() - began < 1000);
  assert.ok(process.memoryUsage().rss - before < 64 * 2 ** 20);
});

test('a gzip stream that promises more than it could hold is refused at its header', async () => {
  await refuses(
    zerosOf(2 ** 31, 2 ** 20),
    'FORMAT_TRUNCATED',
    /promises 2147483656 bytes, more than a gzip stream of \d+/,
  );
  await refuses(zerosOf(10_000, 100), 'FORMAT_TRUNCATED', /ends at byte 108/);
});

test('a file gzipped twice, and a gzip stream of something else, are told as what they are', async () => {
  await refuses(new Uint8Array(gzipSync(zerosOf(3, 3))), 'FORMAT_INVALID', /gzipped twice/);
  await refuses(new Uint8Array(gzipSync(new Uint8Array(2 ** 26).fill(9))), 'FORMAT_INVALID', /byte 0 is 9/);
  await refuses(new Uint8Array(gzipSync(Uint8Array.of(0, 0))), 'FORMAT_TRUNCATED', /at least 4 bytes/);
  await refuses(new Uint8Array(gzipSync(Uint8Array.of())), 'FORMAT_TRUNCATED', /at least 4 bytes/);
});

test('a Node Buffer at any address is read as the same bytes in a Uint8Array are', async () => {
  const file = idxOf(0x0e, [1], Uint8Array.of(0x3f, 0xf0, 0, 0, 0, 0, 0, 0));
  for (const form of [file, gzipSync(file)]) {
    for (let offset = 0; offset < 9; offset++) {
      const buffer = Buffer.concat([Buffer.alloc(offset), form]).subarray(offset);
      assert.equal(await readIdx(buffer), { shape: [1], data: Float64Array.of(1), dtype: 'float64' });
    }
  }
});

for (const value of [
  't10k-images-idx3-ubyte.gz',
  new ArrayBuffer(4),
  Promise.resolve(),
  undefined,
  null,
  [0, 0, 8, 0],
]) {
  test(`readIdx(${typeof value === 'object' ? Object.prototype.toString.call(value) : String(value)}) is ARGUMENT_INVALID`, async () => {
    await refuses(value as unknown as Uint8Array, 'ARGUMENT_INVALID', /readIdx: expected the bytes of a file/);
  });
}

testOnSharedData(test, "Fashion-MNIST's test set: 10,000 images of 28 x 28, 1,000 of each class", async () => {
  const labels = await readIdx(await readFile(sharedData('fashion-mnist/t10k-labels-idx1-ubyte.gz')));
  assert.equal([labels.shape, labels.dtype], [[10_000], 'uint8']);
  assert.equal(histogram(labels.data), new Array<number>(10).fill(1000));

  const compressed = await readFile(sharedData('fashion-mnist/t10k-images-idx3-ubyte.gz'));
  // The official checksum: github.com/zalandoresearch/fashion-mnist, README.
  assert.is(createHash('md5').update(compressed).digest('hex'), 'bef4ecab320f06d8554ea6380940ec79');
  const images = await readIdx(compressed);
  assert.equal([images.shape, images.dtype], [[10_000, 28, 28], 'uint8']);
  assert.ok(
    Buffer.from(images.data as Uint8Array).equals(gunzipSync(compressed).subarray(16)),
    'bytes of zlib after the header',
  );
});

testOnSharedData(
  test,
  "Fashion-MNIST's training labels: 6,000 of each class; MNIST's test labels: their known histogram",
  async () => {
    const fashion = await readIdx(await readFile(sharedData('fashion-mnist/train-labels-idx1-ubyte.gz')));
    assert.equal(histogram(fashion.data), new Array<number>(10).fill(6000));
    const digits = await readIdx(await readFile(sharedData('mnist/t10k-labels-idx1-ubyte.gz')));
    assert.equal(histogram(digits.data), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  },
);

function histogram(labels: ArrayLike<number>): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of Array.from(labels)) counts[label]! += 1;
  return counts;
}

/** Milliseconds of the processor: other processes on the machine do not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

test.run();
