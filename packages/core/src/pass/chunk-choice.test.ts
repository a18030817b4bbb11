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
    const { chunkSize, passes, reason } = await choose(cost, { examples: 10_000_000 });
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
  const short = await choose(cost, { examples: 12_000 });
  assert.ok(short.chunkSize >= 128, `${short.chunkSize}: ${short.reason}`);
});

test('all passes together, the cold one at a warm one’s price, take at most 3 % of a checkpoint at the best price found', async () => {
  for (let trial = 0; trial < 300; trial++) {
    const examples = 1 + random.integer(10 ** (2 + random.integer(5)));
    const [perPass, perExample] = [random.uniform() * 50, 0.05 + random.uniform() * 5];
    // A cold pass may take anything.
    const cost = (size: number, nth: number) => ({ milliseconds: (nth === 1 ? 900 : perPass) + perExample * size });
    const { passes, chunkSize, reason } = await choose(cost, { examples });
    const of = (size: number): number => perPass + perExample * size;
    const checkpoint = Math.min(...passes.map((size) => (of(size) * examples) / size));
    const spent = passes.reduce((sum, size) => sum + of(size), 0);
    const told = `${examples}: ${passes.join(' ')}: ${reason}`;
    if (passes.length > 1) assert.ok(spent <= 0.03 * checkpoint + 1e-6, told);
    else assert.ok((passes[0] as number) <= 8, told);
    // Passes over examples, whatever they cost.
    const passed = passes.reduce((sum, size) => sum + size, 0);
    assert.ok(passed <= Math.max(8, 0.03 * examples), told);
    assert.ok(passes.every((size) => size <= examples) && chunkSize <= examples, reason);
  }
});

test('passes that turn out dearer than they looked, by any factor, overrun the share by one pass and no more', async () => {
  for (let trial = 0; trial < 100; trial++) {
    const examples = 4000 + random.integer(100_000);
    const cliff = 2 ** (4 + random.integer(5));
    const cost = (size: number) => ({ milliseconds: size >= cliff ? 50 * size : 5 + size });
    const { passes, milliseconds, chunkSize } = await choose(cost, { examples });
    const [last, best] = [passes.at(-1)!, Math.min(...passes.map((size) => cost(size).milliseconds / size))];
    assert.ok(milliseconds - cost(last).milliseconds <= 0.03 * examples * best, `${examples}: ${passes.join(' ')}`);
    assert.ok(chunkSize <= cliff * 4);
    if (passes.includes(cliff)) assert.ok(chunkSize < cliff);
  }
});

test('a probe too small to time is passed once, and cut by the shape of the input or taken whole', async () => {
  const small = await choose(affine(100, 1), { examples: 3700 });
  assert.equal([small.passes, small.chunkSize, small.workingBytes], [[8], 64, 64]);
  assert.match(small.reason, /shape of the input; 3700 examples are too few to time/);
  for (const examples of [1, 5, 8, 11, 64]) {
    const whole = await choose(affine(100, 1), { examples });
    assert.equal([whole.passes, whole.chunkSize], [[Math.min(8, examples)], examples]);
    assert.match(whole.reason, /the whole probe/);
  }
});

test('a share that runs out while larger chunks still pay: the size that the timed ones promise, within four times the best', async () => {
  // The share ends at chunks of 32; 20 ms a pass are 3 % of what its examples cost from 667 of them on.
  const far = await choose(affine(20, 1), { examples: 12_000, estimate: 8 });
  const largest = Math.max(...far.passes);
  assert.equal([largest, far.chunkSize], [32, 128]);
  assert.match(far.reason, /1.63 ms in chunks of 32, and larger chunks still paid; a longer measurement would cost/);
  const shape = await choose(affine(20, 1), { examples: 12_000, estimate: 512 });
  assert.is(shape.chunkSize, 512);
  const near = await choose(affine(1, 1), { examples: 6000, estimate: 512 });
  assert.equal([Math.max(...near.passes), near.chunkSize], [16, 64]);
  // Memory goes before.
  const tight = await choose(affine(20, 1), { examples: 12_000, estimate: 512, workingMemory: 70 });
  assert.is(tight.chunkSize, 64);
});

test('where larger chunks are known to be cheaper nothing is timed: four times what the shape suggests, within memory', async () => {
  const known = (limits: Partial<ChoiceLimits>) => choose(affine(1, 1), { largerIsCheaper: true, ...limits });
  const free = await known({ examples: 200_000, estimate: 256 });
  assert.equal([free.passes, free.chunkSize, free.workingBytes], [[8], 1024, 1024]);
  assert.match(free.reason, /^from the shape of the input: on this backend larger chunks are cheaper$/);
  const tight = await known({ examples: 200_000, estimate: 256, workingMemory: 300 });
  assert.is(tight.chunkSize, 256);
  assert.match(tight.reason, /larger chunks are cheaper; more take more than workingMemory/);
  const whole = await known({ examples: 700, estimate: 256 });
  assert.is(whole.chunkSize, 700);
  assert.match(whole.reason, /^the whole probe/);
});

test('a clock that stands still leaves the choice to shapes and memory', async () => {
  const still = await choose(() => ({ milliseconds: 0 }));
  assert.equal([still.chunkSize, still.passes], [64, [8, 8, 8]]);
  assert.match(still.reason, /too short to time/);
  assert.is((await choose(() => ({ milliseconds: 0 }), { workingMemory: 40 })).chunkSize, 32);
});

test('one size that gains nothing does not end the search, nor do two, three in a row do', async () => {
  const hiccup = await choose((size) => ({ milliseconds: size === 16 ? 400 : 100 + size }), { examples: 1_000_000 });
  assert.ok(hiccup.chunkSize >= 128, hiccup.reason);
  const two = await choose((size) => ({ milliseconds: size === 16 || size === 32 ? 900 : 100 + size }), {
    examples: 1_000_000,
  });
  assert.ok(two.chunkSize >= 64, two.reason);
  // The faster of two passes counts.
  const once = await choose((size, nth) => ({ milliseconds: (nth % 2 === 0 ? 50 : 1) * (100 + size) }), {
    examples: 1_000_000,
  });
  assert.ok(once.chunkSize >= 128, once.reason);
  const flat = await choose((size) => ({ milliseconds: 3 * size }), { examples: 100_000 });
  assert.equal([flat.chunkSize, flat.passes], [8, [8, 8, 8, 16, 16, 32, 32, 64, 64]]);
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
    const { chunkSize, passes, workingBytes, reason } = await choose(cost, {
      examples: 1_000_000,
      workingMemory,
      tensorBytes,
    });
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
  const { chunkSize, workingBytes, reason } = await choose(cost, { examples: 100_000, workingMemory: 2000 });
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
