// Only with --all: it reads whole archives
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seededRandom, VogError } from '@vogjs/base';
import { readCifar, type CifarOptions } from './cifar.js';
import { sharedData, testOnSharedData } from '../shared-data.test.helper.js';

const coded = (code: string, part: RegExp) => (error: unknown) =>
  error instanceof VogError && error.code === code && part.test(error.message);

/** Unpacks a file of the shared data into the standard layout, in a process of its own, and reads it. */
function unpack(name: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-cifar-'));
  try {
    const file = join(folder, 'out.bin');
    execFileSync(process.execPath, [sharedData('tools/rgb32.mjs'), sharedData(name), file], { stdio: 'ignore' });
    return new Uint8Array(readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const [kind, labelBytes] of [
  ['cifar10', 1],
  ['cifar100', 2],
] as const) {
  test(`image[n, y, x, c] of ${kind} = byte ${labelBytes} + 1024 c + 32 y + x of record n`, () => {
    const seed = Math.floor(Math.random() * 2 ** 40);
    const random = seededRandom(seed);
    const record = labelBytes + 3072;
    const count = 1 + random.integer(4);
    const bytes = Uint8Array.from({ length: count * record }, (_, at) =>
      random.integer(at % record < labelBytes ? 10 : 256),
    );
    const { images, shape, labels, coarseLabels } = readCifar(bytes, { kind });
    assert.equal(shape, [count, 32, 32, 3]);
    assert.is(images.length, count * 3072);
    for (let n = 0; n < count; n++) {
      assert.is(labels[n], bytes[n * record + labelBytes - 1], `seed ${seed}`);
      assert.is(coarseLabels?.[n] ?? null, kind === 'cifar100' ? bytes[n * record] : null, `seed ${seed}`);
      for (let draw = 0; draw < 200; draw++) {
        const [y, x, c] = [random.integer(32), random.integer(32), random.integer(3)];
        const expected = bytes[n * record + labelBytes + 1024 * c + 32 * y + x];
        assert.is(images[((n * 32 + y) * 32 + x) * 3 + c], expected, `seed ${seed}`);
      }
    }
  });
}

test('a file that is not a whole number of records is FORMAT_TRUNCATED, with the record and offset', () => {
  const cut = (length: number, kind: CifarOptions['kind']) => () => readCifar(new Uint8Array(length), { kind });
  assert.throws(cut(3073 + 100, 'cifar10'), coded('FORMAT_TRUNCATED', /ends 100 bytes into record 1.*byte 3073/));
  assert.throws(cut(3072, 'cifar10'), coded('FORMAT_TRUNCATED', /record 0/));
  assert.throws(cut(0, 'cifar100'), coded('FORMAT_TRUNCATED', /records of 3074/));
  assert.throws(cut(3074 * 2, 'cifar10'), coded('FORMAT_TRUNCATED', /fits kind: 'cifar100'/));
  assert.throws(cut(3073, 'cifar100'), coded('FORMAT_TRUNCATED', /fits kind: 'cifar10'/));
});

test('a label out of range is LABEL_INVALID, with its record and offset', () => {
  const bytes = new Uint8Array(2 * 3073);
  bytes[3073] = 10;
  assert.throws(
    () => readCifar(bytes, { kind: 'cifar10' }),
    coded('LABEL_INVALID', /record 1, byte 3073 .* is 10; .*0 to 9/),
  );
  const coarse = new Uint8Array(2 * 3074);
  coarse[3074] = 20;
  assert.throws(
    () => readCifar(coarse, { kind: 'cifar100' }),
    coded('LABEL_INVALID', /coarse label of record 1, byte 3074/),
  );
  const fine = new Uint8Array(2 * 3074);
  fine[1] = 100;
  assert.throws(() => readCifar(fine, { kind: 'cifar100' }), coded('LABEL_INVALID', /fine label of record 0, byte 1 /));
});

test('an unknown kind is ARGUMENT_INVALID', () => {
  const kind = 'cifar1000' as CifarOptions['kind'];
  assert.throws(() => readCifar(new Uint8Array(3073), { kind }), coded('ARGUMENT_INVALID', /'cifar10' or 'cifar100'/));
});

test('readCifar without a kind, of a path, or of a gzipped file says what to do', () => {
  const call = readCifar as (...args: unknown[]) => unknown;
  const record = new Uint8Array(3073);
  assert.throws(() => call(record), coded('ARGUMENT_INVALID', /options are undefined; .*\{ kind: 'cifar10' \}/));
  assert.throws(() => call(record, null), coded('ARGUMENT_INVALID', /options are null/));
  assert.throws(() => call(record, 'cifar10'), coded('ARGUMENT_INVALID', /options are "cifar10"/));
  assert.throws(() => call(record, {}), coded('ARGUMENT_INVALID', /kind is undefined/));
  assert.throws(() => call(record, { kind: 'toString' }), coded('ARGUMENT_INVALID', /kind is "toString"/));
  assert.throws(() => call(record, { kind: 'cifar10', size: 3 }), coded('ARGUMENT_INVALID', /unknown option 'size'/));
  assert.throws(() => call('data_batch_1.bin', { kind: 'cifar10' }), coded('ARGUMENT_INVALID', /Read the file first/));
  assert.throws(
    () => readCifar(gzipSync(record), { kind: 'cifar10' }),
    coded('FORMAT_INVALID', /gzipped\. Decompress it first/),
  );
});

test('readCifar reads a Node Buffer at any address', () => {
  const record = Uint8Array.from({ length: 3073 }, (_, at) => (at * 7) % 251);
  const { images } = readCifar(record, { kind: 'cifar10' });
  for (let offset = 0; offset < 9; offset++) {
    const buffer = Buffer.concat([Buffer.alloc(offset), record]).subarray(offset);
    assert.equal(readCifar(buffer, { kind: 'cifar10' }).images, images);
  }
});

testOnSharedData(
  test,
  "CIFAR-10's first training batch: 10,000 records of 3073 bytes, with the official labels",
  () => {
    const bytes = unpack('cifar10/data_batch_1.rgb32.gz');
    assert.is(bytes.length, 10_000 * 3073);
    const { shape, labels, coarseLabels } = readCifar(bytes, { kind: 'cifar10' });
    assert.equal([shape, coarseLabels], [[10_000, 32, 32, 3], null]);
    // The histogram of the official batch: frog (6) leads with 1,030.
    assert.equal(histogram(labels, 10), [1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981]);
    // A frog, two trucks, a deer and an automobile open the official batch.
    assert.equal([...labels.subarray(0, 5)], [6, 9, 9, 4, 1]);
  },
);

testOnSharedData(test, "CIFAR-10's test set has 1,000 of each class", () => {
  const { labels } = readCifar(unpack('cifar10/test_batch.rgb32.gz'), { kind: 'cifar10' });
  assert.equal(histogram(labels, 10), new Array<number>(10).fill(1000));
});

testOnSharedData(
  test,
  "CIFAR-100's test set has 100 of each class, 500 of each superclass, 5 classes a superclass",
  () => {
    const { images, shape, labels, coarseLabels } = readCifar(unpack('cifar100/test.rgb32.gz'), { kind: 'cifar100' });
    assert.equal(histogram(labels, 100), new Array<number>(100).fill(100));
    assert.equal(histogram(coarseLabels!, 20), new Array<number>(20).fill(500));
    assert.is(new Set(Array.from(labels, (label, index) => `${coarseLabels![index]}:${label}`)).size, 100);
    assert.equal([images.length, shape], [10_000 * 3072, [10_000, 32, 32, 3]]);
  },
);

function histogram(labels: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]! += 1;
  return counts;
}

test.run();
