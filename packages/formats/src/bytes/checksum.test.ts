import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checksumOf, DataHash } from './checksum.js';
import { hashIntegers, hashStrings } from '@vogjs/base';
import { forRandomInputs } from '@vogjs/testing';
import { atOddAddress } from './properties.test.helper.js';

test('the hash of data does not depend on how it was cut, nor on its address', () => {
  forRandomInputs(60, (random) => {
    const bytes = Uint8Array.from({ length: random.integer(40) }, () => random.integer(256));
    const whole = new DataHash().update(bytes).digest();
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    assert.is(whole, hashIntegers(new Int32Array(padded.buffer)));
    const pieces = new DataHash();
    for (let start = 0, end = 0; start < bytes.length; start = end) {
      end = start + 1 + random.integer(9);
      pieces.update(atOddAddress(bytes.subarray(start, end)));
    }
    assert.is(pieces.digest(), whole);
  });
});

test('checksums are those of files that are already written', () => {
  const tensors = { b: { data: Float32Array.of(1, 2), shape: [2] }, a: { data: Uint8Array.of(1, 0, 1), shape: [3] } };
  assert.is(hashStrings(['vog', '']), '948691e6fef8457d');
  assert.is(checksumOf({ version: 1 }, tensors), '527ff1105b2854c9');
});

test('a Buffer and a Uint8Array of the same bytes have the same checksum', () => {
  const data = Uint8Array.of(1, 2, 3);
  const checksum = checksumOf({}, { a: { data, shape: [3] } });
  assert.is(checksumOf({}, { a: { data: Buffer.from(data), shape: [3] } }), checksum);
});

test.run();
