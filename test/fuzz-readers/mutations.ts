// Mutations of bytes that know no format. Each says what it did: a failing input can be made again by reading.
import { gzipSync } from 'node:zlib';
import type { SeededRandom } from '@vogjs/base';

/** A file to read, and how it was made. */
export interface Mutant {
  readonly bytes: Uint8Array;
  readonly recipe: readonly string[];
}

/** A change, with what it did. */
type Mutation = (bytes: Uint8Array, random: SeededRandom) => readonly [Uint8Array, string];

/** Integers at which a reader's arithmetic breaks, if it does. */
export const HOSTILE_INTEGERS = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xfffffffen,
  0xffffffffn,
  2n ** 32n,
  2n ** 40n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** Pieces of text at which a parser, a path or an object breaks, if it does. */
export const HOSTILE_TEXTS = [
  '..',
  '../../../../etc/passwd',
  '/etc/passwd',
  'C:\\Windows',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '{"__proto__":{"polluted":1}}',
  '\0',
  '\u{1f600}',
  '\ud800',
  '"',
  '}',
  ']',
  '1e999',
  '-1',
  'NaN',
  'null',
];

/** Units that are repeated to 100 kB: what a pattern goes over again from each of its beginnings. */
export const QUADRATIC_UNITS = [
  '\0',
  ' ',
  '\n',
  '(',
  '[',
  '{',
  '{"a":',
  '[[',
  '1',
  '1,',
  ', ',
  '\\',
  '"',
  "'",
  '..',
  '/',
  '../',
  '#include <',
  'a=',
];

export function pick<T>(random: SeededRandom, list: readonly T[]): T {
  return list[random.integer(list.length)]!;
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** A position: half of them near the start, where headers are, some near the end, where zip has its directory. */
function position(bytes: Uint8Array, random: SeededRandom): number {
  const near = Math.min(bytes.length, 128);
  const place = random.integer(8);
  if (near === 0) return 0;
  if (place < 4) return random.integer(near);
  if (place < 5) return bytes.length - 1 - random.integer(near);
  return random.integer(bytes.length);
}

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    const [at, bit] = [position(bytes, random), random.integer(8)];
    const copy = bytes.slice();
    if (at < copy.length) copy[at]! ^= 1 << bit;
    return [copy, `flip bit ${bit} of byte ${at}`];
  },
  (bytes, random) => {
    const [at, value] = [position(bytes, random), random.integer(256)];
    const copy = bytes.slice();
    if (at < copy.length) copy[at] = value;
    return [copy, `set byte ${at} to ${value}`];
  },
  (bytes, random) => {
    const length =
      random.integer(2) === 0 ? random.integer(bytes.length + 1) : Math.max(0, bytes.length - 1 - random.integer(16));
    return [bytes.slice(0, length), `cut to ${length} bytes`];
  },
  (bytes, random) => {
    const [length, value] = [1 + random.integer(random.integer(8) === 0 ? 100_000 : 64), random.integer(256)];
    return [concat(bytes, new Uint8Array(length).fill(value)), `append ${length} bytes of ${value}`];
  },
  (bytes, random) => {
    const at = position(bytes, random);
    const length = Math.min(bytes.length - at, 1 + random.integer(64));
    return [concat(bytes.subarray(0, at), bytes.subarray(at + length)), `delete ${length} bytes at ${at}`];
  },
  (bytes, random) => {
    const [from, to] = [position(bytes, random), position(bytes, random)];
    const length = Math.min(bytes.length - from, 1 + random.integer(256));
    const part = bytes.subarray(from, from + length);
    return [
      concat(bytes.subarray(0, to), part, bytes.subarray(to)),
      `insert bytes ${from} to ${from + length} at ${to}`,
    ];
  },
  (bytes, random) => {
    const [from, to] = [position(bytes, random), position(bytes, random)];
    const length = Math.min(bytes.length - Math.max(from, to), 1 + random.integer(64));
    const copy = bytes.slice();
    copy.copyWithin(to, from, from + Math.max(0, length));
    return [copy, `copy ${length} bytes from ${from} to ${to}`];
  },
  (bytes, random) => {
    const width = pick(random, [1, 2, 4, 8]);
    const value = random.integer(4) === 0 ? BigInt(random.integer(2 ** 31)) : pick(random, HOSTILE_INTEGERS);
    const isLittle = random.integer(2) === 0;
    const at = Math.min(position(bytes, random), Math.max(0, bytes.length - width));
    const copy = bytes.slice();
    for (let i = 0; i < width && at + i < copy.length; i++) {
      const shift = BigInt(8 * (isLittle ? i : width - 1 - i));
      copy[at + i] = Number((value >> shift) & 0xffn);
    }
    return [copy, `write ${value} in ${width} bytes, ${isLittle ? 'little' : 'big'}-endian, at ${at}`];
  },
  (bytes, random) => {
    const [at, text] = [position(bytes, random), pick(random, HOSTILE_TEXTS)];
    return [
      concat(bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at)),
      `insert ${JSON.stringify(text)} at ${at}`,
    ];
  },
  (bytes, random) => {
    const [at, text] = [position(bytes, random), Buffer.from(pick(random, HOSTILE_TEXTS))];
    const copy = bytes.slice();
    copy.set(text.subarray(0, copy.length - at), at);
    return [copy, `write ${JSON.stringify(text.toString())} over ${at}`];
  },
  (bytes, random) => {
    const [at, value] = [position(bytes, random), random.integer(256)];
    const length = 1 + random.integer(64);
    return [bytes.slice().fill(value, at, at + length), `fill ${length} bytes at ${at} with ${value}`];
  },
];

/** Rare ones, that make large files. */
const LARGE: readonly Mutation[] = [
  (bytes, random) => {
    const [at, unit] = [position(bytes, random), pick(random, QUADRATIC_UNITS)];
    const text = Buffer.from(unit.repeat(Math.ceil(100_000 / unit.length)));
    return [
      concat(bytes.subarray(0, at), text, bytes.subarray(at)),
      `insert 100 kB of ${JSON.stringify(unit)} at ${at}`,
    ];
  },
  (bytes) => [new Uint8Array(gzipSync(bytes)), 'gzip'],
  (bytes) => [concat(bytes, bytes), 'twice in a row'],
  (bytes, random) => {
    const length = random.integer(2000);
    return [Uint8Array.from({ length }, () => random.integer(256)), `${length} random bytes`];
  },
];

/** A sample with one to four changes; one in twenty with a large one. */
export function mutate(sample: Uint8Array, random: SeededRandom, recipe: readonly string[] = []): Mutant {
  let bytes = sample;
  const done = [...recipe];
  const rounds = 1 + random.integer(4);
  for (let round = 0; round < rounds; round++) {
    const mutation = random.integer(40) === 0 ? pick(random, LARGE) : pick(random, MUTATIONS);
    const [changed, what] = mutation(bytes, random);
    bytes = changed;
    done.push(what);
  }
  return { bytes, recipe: done };
}
