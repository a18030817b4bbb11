import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32c, maskedCrc32c } from './crc32c.js';
import { createEventFile } from './event-file.js';
import { encodeEvent } from './event.js';
import { histogramOf } from './histogram.js';
import { encodeRecord } from './record.js';

const test = suite("TensorBoard's events");

test('checksums are those of RFC 3720, appendix B.4', () => {
  assert.is(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.is(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  assert.is(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.is(crc32c(new Uint8Array(0)), 0);
});

test('a record is length, its checksum, data, their checksum', () => {
  const data = Uint8Array.of(1, 2, 3);
  const record = encodeRecord(data);
  const view = new DataView(record.buffer);
  assert.is(record.length, 3 + 16);
  assert.is(view.getBigUint64(0, true), 3n);
  assert.is(view.getUint32(8, true), maskedCrc32c(record.subarray(0, 8)));
  assert.equal(record.subarray(12, 15), data);
  assert.is(view.getUint32(15, true), maskedCrc32c(data));
});

test('an event has the bytes that protocol buffers have for it', () => {
  const event = encodeEvent({ wallTime: 1, step: 300, values: [{ tag: 'a', scalar: 2 }] });
  // wall_time: field 1, 64 bits; step: field 2, 300 in two bytes; summary: field 5, value 1, tag 'a', simple_value 2.
  const expected = [9, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 16, 0xac, 2, 42, 10, 10, 8, 10, 1, 97, 21, 0, 0, 0, 0x40];
  assert.equal([...event], expected);
});

test('a histogram counts every finite number once, also of ties, one value, large values and none', () => {
  for (const values of [
    [1, 2, 3, 4],
    [5, 5, 5],
    [7],
    [-1e308, 1e308],
    [0, 1e-320],
    [1e16, 1e16 + 2],
    [NaN, 1, Infinity, 2],
  ]) {
    const { counts, limits, count, least, most } = histogramOf(values);
    const finite = values.filter(Number.isFinite);
    assert.is(count, finite.length);
    assert.is(
      counts.reduce((sum, each) => sum + each, 0),
      finite.length,
      String(values),
    );
    assert.equal([least, most], [Math.min(...finite), Math.max(...finite)]);
    assert.is(limits.at(-1), most);
    assert.ok(
      limits.every((limit, i) => i === 0 || limit > limits[i - 1]!),
      `limits rise: ${String(values)}`,
    );
  }
  assert.equal(histogramOf([NaN]).count, 0);
  assert.equal([...histogramOf(Array.from({ length: 30 }, (_, i) => i)).counts], Array(30).fill(1));
});

test('a file begins with its version and grows by whole records; two of one second have two names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vogjs-events-'));
  try {
    const file = await createEventFile(join(folder, 'new', 'run'));
    const other = await createEventFile(join(folder, 'new', 'run'));
    assert.is.not(file.path, other.path);
    await file.append({ wallTime: 5, step: 1, values: [{ tag: 'x', scalar: 1 }] });
    await Promise.all([file.close(), other.close()]);
    const bytes = await readFile(file.path);
    assert.ok(bytes.includes('brain.Event:2'));
    const records: number[] = [];
    for (let at = 0; at < bytes.length; at += records.at(-1)! + 16) records.push(Number(bytes.readBigUInt64LE(at)));
    assert.is(records.length, 2);
    assert.is(
      records.reduce((sum, length) => sum + length + 16, 0),
      bytes.length,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
