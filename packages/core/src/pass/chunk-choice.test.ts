import { seededRandom } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSeed } from '@vogjs/testing';
import { type ChoiceLimits, type ChunkChoice, chooseChunkSize, largestWithin, type TrialPass } from './chunk-choice.js';

const seed = runSeed();
const random = seededRandom(seed);
const test = suite(`chunk choice (seed ${seed})`);

const LIMITS: ChoiceLimits = {
  examples: 10_000,
  estimate: 64,
  workingMemory: Number.POSITIVE_INFINITY,
  tensorBytes: Number.POSITIVE_INFINITY,
};

interface Chosen extends ChunkChoice {
  /** Sizes of the passes made, in order. */
  readonly passes: readonly number[];
  readonly milliseconds: number;
}

async function choose(
  cost: (size: number, nth: number) => Partial<TrialPass>,
  limits: Partial<ChoiceLimits> = {},
): Promise<Chosen> {
  const passes: number[] = [];
  let milliseconds = 0;
  const choice = await chooseChunkSize({ ...LIMITS, ...limits }, (size) => {
    passes.push(size);
    const trial = { milliseconds: size, bytes: size, largestTensorBytes: size, ...cost(size, passes.length) };
    milliseconds += trial.milliseconds;
    return Promise.resolve(trial);
  });
  return { ...choice, passes, milliseconds };
}

const affine = (perPass: number, perExample: number) => (size: number) => ({
  milliseconds: perPass + perExample * size,
});

test('a cost per pass and one per example: the least power of two within 3 % of the fastest that was tried', async () => {
  for (let trial = 0; trial < 200; trial++) {
    const [perPass, perExample] = [random.uniform() * 100, 0.5 + random.uniform() * 20];
    const cost = affine(perPass, perExample);
    const { chunkSize, passes, reason } = await choose(cost, { examples: 1_000_000 });
    const of = (size: number): number => cost(size).milliseconds / size;
    const fastest = Math.min(...passes.map(of));
    const within = [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096].filter((size) => of(size) <= 1.03 * fastest);
    assert.is(chunkSize, within[0], `${perPass} + ${perExample} size: ${reason}`);
    // And no larger one would have been worth it: twice as many at a time gains less than two steps of 3 %.
    const ideal = Math.min(...[8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096].map(of));
    assert.ok(of(chunkSize) <= 1.07 * ideal, `${of(chunkSize)} ms an example, ${ideal} at best`);
  }
});

test('the passes that take no longer with more examples, as a GPU’s, go up to the most or to the end of the share', async () => {
  const cost = () => ({ milliseconds: 20 });
  assert.is((await choose(cost, { examples: 1_000_000 })).chunkSize, 4096);
  const short = await choose(cost, { examples: 2000 });
  assert.ok(short.chunkSize >= 256, `${short.chunkSize}: ${short.reason}`);
});

test('the measurement takes a cold pass and at most a tenth of a checkpoint in the smallest chunks', async () => {
  for (let trial = 0; trial < 200; trial++) {
    const examples = 1 + random.integer(20_000);
    const cost = affine(random.uniform() * 50, 0.5 + random.uniform() * 5);
    const { passes, milliseconds, chunkSize, reason } = await choose(cost, { examples });
    const first = Math.min(8, examples);
    const checkpoint = (cost(first).milliseconds * examples) / first;
    assert.ok(milliseconds <= cost(first).milliseconds + 0.1 * checkpoint + 1e-6, `${examples}: ${passes.join(' ')}`);
    assert.ok(passes.length <= 20);
    assert.ok(passes.every((size) => size <= examples) && chunkSize <= examples, reason);
  }
});

test('a probe too small to time is passed once, and cut by the shape of the input or taken whole', async () => {
  const small = await choose(affine(100, 1), { examples: 150 });
  assert.equal([small.passes, small.chunkSize, small.workingBytes], [[8], 64, 64]);
  assert.match(small.reason, /shape of the input; 150 examples are too few to time/);
  for (const examples of [1, 5, 8, 11, 64]) {
    const whole = await choose(affine(100, 1), { examples });
    assert.equal([whole.passes, whole.chunkSize], [[Math.min(8, examples)], examples]);
    assert.match(whole.reason, /the whole probe/);
  }
});

test('a share that runs out while larger chunks still pay: by the shape of the input, where that is larger', async () => {
  const cut = await choose(affine(1000, 1), { examples: 320, estimate: 256 });
  assert.ok(Math.max(...cut.passes) < 256);
  assert.is(cut.chunkSize, 256);
  assert.match(cut.reason, /from the shape of the input: an example took .* cost too much/);
  const beyond = await choose(affine(1000, 1), { examples: 320, estimate: 8 });
  assert.is(beyond.chunkSize, Math.max(...beyond.passes));
});

test('a clock that stands still leaves the choice to shapes and memory', async () => {
  const still = await choose(() => ({ milliseconds: 0 }));
  assert.equal([still.chunkSize, still.passes], [64, [8, 8]]);
  assert.match(still.reason, /too short to time/);
  assert.is((await choose(() => ({ milliseconds: 0 }), { workingMemory: 40 })).chunkSize, 32);
});

test('one size that gains nothing does not end the search, nor do two, three in a row do', async () => {
  const hiccup = await choose((size) => ({ milliseconds: size === 16 ? 400 : 100 + size }));
  assert.ok(hiccup.chunkSize >= 128, hiccup.reason);
  const two = await choose((size) => ({ milliseconds: size === 16 || size === 32 ? 900 : 100 + size }));
  assert.ok(two.chunkSize >= 64, two.reason);
  // The faster of two passes counts.
  const once = await choose((size, nth) => ({ milliseconds: (nth % 2 === 0 ? 50 : 1) * (100 + size) }), {
    examples: 1_000_000,
  });
  assert.ok(once.chunkSize >= 128, once.reason);
  const flat = await choose((size) => ({ milliseconds: 3 * size }));
  assert.equal([flat.chunkSize, flat.passes], [8, [8, 8, 16, 16, 32, 32, 64, 64]]);
  const worse = await choose((size) => ({ milliseconds: size * size }));
  assert.is(worse.chunkSize, 8);
});

test('passes too short to judge do not end it: 0.1 ms in chunks of 8 is the price of calling kernels', async () => {
  // Noise of a clock that ticks every 0.1 ms.
  const tick = (size: number) => ({ milliseconds: Math.ceil((0.05 + 0.0005 * size) * 10) / 10 });
  const { chunkSize, reason } = await choose(tick, { examples: 1_000_000, estimate: 512 });
  assert.ok(chunkSize >= 1024, reason);
});

test('no pass is made, and no size chosen, that takes more than the memory', async () => {
  for (let trial = 0; trial < 200; trial++) {
    const [fixed, each] = [random.integer(1000), 1 + random.integer(100)];
    const bytes = (size: number): number => fixed + each * size;
    const workingMemory = bytes(8) + random.integer(100 * each);
    const tensorBytes = random.uniform() < 0.5 ? Number.POSITIVE_INFINITY : 8 * each + random.integer(50 * each);
    const cost = (size: number) => ({
      ...affine(200, 1)(size),
      bytes: bytes(size),
      largestTensorBytes: size * each,
    });
    const { chunkSize, passes, workingBytes, reason } = await choose(cost, { workingMemory, tensorBytes });
    for (const size of [...passes, chunkSize]) {
      assert.ok(bytes(size) <= workingMemory && size * each <= tensorBytes, `${size}: ${reason}`);
    }
    assert.is(workingBytes, bytes(chunkSize));
    assert.match(reason, /workingMemory/);
  }
});

test('a first pass that takes too much is halved until it fits, and no further than one example', async () => {
  const bytes = (size: number) => ({ bytes: 50 + 10 * size });
  const halved = await choose(bytes, { workingMemory: 95 });
  assert.equal([halved.passes, halved.chunkSize, halved.workingBytes], [[8, 4], 4, 90]);
  assert.match(halved.reason, /twice as many take more than workingMemory/);
  const one = await choose(bytes, { workingMemory: 10 });
  assert.equal([one.passes, one.chunkSize, one.workingBytes], [[8, 4, 2, 1], 1, 60]);
  const odd = await choose(bytes, { examples: 7, workingMemory: 95 });
  assert.equal([odd.passes, odd.chunkSize], [[7, 4], 4]);
});

test('memory that grows faster than the examples is seen when its pass is made, and that size is not taken', async () => {
  const cost = (size: number) => ({ ...affine(1000, 1)(size), bytes: size < 64 ? size : size * size });
  const { chunkSize, workingBytes, reason } = await choose(cost, { workingMemory: 2000 });
  assert.equal([chunkSize, workingBytes], [32, 32]);
  assert.match(reason, /64 take more than workingMemory/);
});

test('a size that fails ends the search with the smaller ones; a first pass that fails is an error', async () => {
  const failing = (from: number) => (size: number) => {
    if (size >= from) throw new Error('out of memory\n  at a kernel');
    return affine(1000, 1)(size);
  };
  const { chunkSize, reason } = await choose(failing(32));
  assert.is(chunkSize, 16);
  assert.match(reason, /32 failed: out of memory$/);
  let thrown: unknown;
  await choose(failing(1)).catch((error: unknown) => (thrown = error));
  assert.match(String(thrown), /out of memory/);
});

test('large inputs begin with as few examples as their shape suggests', async () => {
  const { passes, chunkSize } = await choose(affine(100, 100), { estimate: 1 });
  assert.equal([...new Set(passes)].slice(0, 3), [1, 2, 4]);
  assert.ok(chunkSize > 1);
});

test('without timing: the largest power of two within the limits, up to what the shape suggests', () => {
  const limits = { estimate: 64, workingMemory: 1000, tensorBytes: Number.POSITIVE_INFINITY };
  const bytes = (each: number) => ({ bytes: 8 * each, largestTensorBytes: 8 });
  assert.is(largestWithin(bytes(1), 8, limits), 64);
  assert.is(largestWithin(bytes(40), 8, limits), 16);
  assert.is(largestWithin(bytes(5000), 8, limits), 1);
  assert.is(largestWithin({ bytes: 30, largestTensorBytes: 30 }, 3, { ...limits, tensorBytes: 170 }), 16);
});

test.run();
