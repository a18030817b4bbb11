// Tensors of five and six axes, as video, volumes and windows of sequences have: values and gradients by hand. Shaders
// index four axes; what tfjs does beyond them throws, or does not compile, and then gives what a buffer held before.
// Only with --all: a software driver for WebGPU compiles every shader
import { settleDevice } from '@vogjs/backend';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { useBackend } from '../support/backend.js';
import { randomOf, SEED } from '@vogjs/testing';
import { withoutWebgpu } from '../support/webgpu.js';

const reason = await withoutWebgpu();
if (reason !== null) console.log(`not on webgpu: ${reason}`);
const backends = reason === null ? (['cpu', 'wasm', 'webgpu'] as const) : (['cpu', 'wasm'] as const);
const test = suite(`tensors of five and six axes (seed ${SEED})`);

type Place = readonly number[];
const sizeOf = (shape: Place): number => shape.reduce((a, b) => a * b, 1);

/** The places of a shape, in order. */
function* placesOf(shape: Place): Generator<number[]> {
  for (let flat = 0; flat < sizeOf(shape); flat++) {
    let rest = flat;
    yield shape
      .toReversed()
      .map((size) => {
        const at = rest % size;
        rest = Math.floor(rest / size);
        return at;
      })
      .reverse();
  }
}

const flatOf = (place: Place, shape: Place): number =>
  shape.reduce((flat, size, axis) => flat * size + place[axis]!, 0);
const draw = (shape: Place, seed: number): Float32Array => {
  const random = randomOf(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => 1 + random.integer(7) / 2);
};

async function read(compute: () => tf.Tensor): Promise<{ shape: number[]; values: number[] }> {
  const result = tf.tidy(compute);
  const values = [...(await result.data())];
  const shape = [...result.shape];
  result.dispose();
  await settleDevice('here');
  return { shape, values };
}

function close(found: readonly number[], expected: readonly number[], of: string): void {
  assert.is(found.length, expected.length, of);
  found.forEach((value, k) => {
    const right = expected[k]!;
    assert.ok(Math.abs(value - right) <= 1e-5 * (1 + Math.abs(right)), `${of}, entry ${k}: ${value}, not ${right}`);
  });
}

/** A linear operation: which entries of x an entry of the result is the sum of, none for padding with 9. */
interface Linear {
  readonly name: string;
  readonly shape: Place;
  readonly out: Place;
  readonly from: (place: number[]) => readonly (readonly number[])[];
  readonly f: (x: tf.Tensor) => tf.Tensor;
}
const one = (place: number[]): number[][] => [place];
const inside = (place: number[], shape: Place): number[][] =>
  place.every((at, axis) => at >= 0 && at < shape[axis]!) ? [place] : [];
const mirror = (at: number, size: number, edge: 0 | 1): number =>
  at < 0 ? -at - edge : at >= size ? 2 * size - 2 - at + edge : at;
const FIVE = [2, 3, 2, 3, 2];
const SIX = [2, 3, 2, 1, 3, 2];
const PADS = [[0, 0], [1, 0], [0, 2], [0, 0], [1, 1]] as [number, number][]; // prettier-ignore
const MIRRORED = [[1, 0], [0, 0], [0, 1], [2, 1], [0, 0]] as [number, number][]; // prettier-ignore

const LINEAR: readonly Linear[] = [
  {
    name: 'pad',
    shape: FIVE,
    out: [2, 4, 4, 3, 4],
    from: (place) => inside(place.map((at, axis) => at - PADS[axis]![0]), FIVE), // prettier-ignore
    f: (x) => tf.pad(x, PADS, 9),
  },
  {
    name: 'pad one axis of six',
    shape: SIX,
    out: [2, 3, 2, 4, 3, 2],
    from: (place) => inside(place.with(3, place[3]! - 1), SIX),
    f: (x) => tf.pad(x, [...SIX.keys()].map((axis) => (axis === 3 ? [1, 2] : [0, 0])), 9), // prettier-ignore
  },
  ...(['reflect', 'symmetric'] as const).map((mode) => ({
    name: `mirrorPad ${mode}`,
    shape: FIVE,
    out: [3, 3, 3, 6, 2],
    from: (place: number[]) =>
      one(place.map((at, axis) => mirror(at - MIRRORED[axis]![0], FIVE[axis]!, mode === 'reflect' ? 0 : 1))),
    f: (x: tf.Tensor) => tf.mirrorPad(x, MIRRORED, mode),
  })),
  {
    name: 'reverse',
    shape: FIVE,
    out: FIVE,
    from: (place) => one(place.map((at, axis) => (axis % 2 === 0 ? at : FIVE[axis]! - 1 - at))),
    f: (x) => tf.reverse(x, [1, -2]),
  },
  {
    name: 'reverse six',
    shape: SIX,
    out: SIX,
    from: (place) => one(place.map((at, axis) => (axis === 0 || axis === 4 ? SIX[axis]! - 1 - at : at))),
    f: (x) => tf.reverse(x, [0, 4]),
  },
  {
    name: 'tile',
    shape: FIVE,
    out: [2, 6, 2, 9, 4],
    from: (place) => one(place.map((at, axis) => at % FIVE[axis]!)),
    f: (x) => tf.tile(x, [1, 2, 1, 3, 2]),
  },
  {
    name: 'tile six',
    shape: SIX,
    out: [4, 3, 2, 3, 3, 2],
    from: (place) => one(place.map((at, axis) => at % SIX[axis]!)),
    f: (x) => tf.tile(x, [2, 1, 1, 3, 1, 1]),
  },
  {
    name: 'broadcastTo',
    shape: [2, 1, 2, 1, 3],
    out: [2, 4, 2, 2, 3],
    from: ([a, , c, , e]) => one([a!, 0, c!, 0, e!]),
    f: (x) => tf.broadcastTo(x, [2, 4, 2, 2, 3]),
  },
  {
    name: 'stridedSlice with steps back',
    shape: [2, 5, 2, 4, 3],
    out: [2, 3, 2, 2, 3],
    from: ([a, b, c, d, e]) => one([a!, 4 - 2 * b!, c!, 1 + 2 * d!, 2 - e!]),
    f: (x) => tf.stridedSlice(x, [0, 4, 0, 1, 2], [2, -1, 2, 4, -9], [1, -2, 1, 2, -1], 0, 0b00010),
  },
  {
    name: 'stridedSlice that drops and adds axes',
    shape: [2, 5, 2, 4, 3],
    out: [2, 3, 1, 2, 3],
    from: ([a, b, , d, e]) => one([a!, 2 * b!, 1, 2 * d!, e!]),
    f: (x) =>
      tf.stridedSlice(x, [0, 0, 1, 0, 0, 0], [2, 5, 2, 0, 4, 3], [1, 2, 1, 1, 2, 1], 0, 0, 0, 0b001000, 0b000100),
  },
  {
    name: 'cumsum of the second axis',
    shape: FIVE,
    out: FIVE,
    from: (place) => Array.from({ length: place[1]! + 1 }, (_, at) => place.with(1, at)),
    f: (x) => tf.cumsum(x, 1),
  },
  {
    name: 'cumsum of the last axis of six, exclusive, from the end',
    shape: SIX,
    out: SIX,
    from: (place) => Array.from({ length: 1 - place[5]! }, (_, at) => place.with(5, place[5]! + 1 + at)),
    f: (x) => tf.cumsum(x, -1, true, true),
  },
  {
    name: 'spaceToBatchND of three axes',
    shape: [2, 2, 3, 4, 2],
    out: [16, 1, 2, 2, 2],
    from: ([batch, b, c, d, e]) => {
      const [block, n] = [Math.floor(batch! / 2), batch! % 2];
      const place = [n, 2 * b! + (block >> 2), 2 * c! + ((block >> 1) & 1) - 1, 2 * d! + (block & 1), e!];
      return inside(place, [2, 2, 3, 4, 2]);
    },
    f: (x) => tf.sub(tf.add(tf.spaceToBatchND(x, [2, 2, 2], [[0, 0], [1, 0], [0, 0]]), 9), 9), // prettier-ignore
  },
  {
    name: 'batchToSpaceND of three axes',
    shape: [8, 1, 2, 2, 3],
    out: [1, 2, 3, 4, 3],
    from: ([, b, c, d, e]) => {
      const [j, k, l] = [b!, c! + 1, d!];
      return one([4 * (j % 2) + 2 * (k % 2) + (l % 2), j >> 1, k >> 1, l >> 1, e!]);
    },
    f: (x) => tf.batchToSpaceND(x, [2, 2, 2], [[0, 0], [1, 0], [0, 0]]), // prettier-ignore
  },
  {
    name: 'transpose of six',
    shape: SIX,
    out: [2, 3, 2, 2, 1, 3],
    from: ([a, b, c, f, d, e]) => one([a!, b!, c!, d!, e!, f!]),
    f: (x) => tf.transpose(x, [0, 1, 2, 5, 3, 4]),
  },
  {
    name: 'slice of six',
    shape: SIX,
    out: [1, 2, 2, 1, 2, 1],
    from: ([a, b, c, d, e, f]) => one([a! + 1, b! + 1, c!, d!, e! + 1, f!]),
    f: (x) => tf.slice(x, [1, 1, 0, 0, 1, 0], [1, 2, 2, 1, 2, 1]),
  },
  {
    name: 'sum of two axes of six',
    shape: SIX,
    out: [2, 2, 1, 2],
    from: ([a, c, d, f]) => [0, 1, 2].flatMap((b) => [0, 1, 2].map((e) => [a!, b, c!, d!, e, f!])),
    f: (x) => tf.sum(x, [1, 4]),
  },
  {
    name: 'concat with itself along the fourth axis',
    shape: FIVE,
    out: [2, 3, 2, 6, 2],
    from: (place) => one(place.with(3, place[3]! % 3)),
    f: (x) => tf.concat([x, x], 3),
  },
  {
    name: 'gather of the third axis',
    shape: FIVE,
    out: [2, 3, 3, 3, 2],
    from: (place) => one(place.with(2, [1, 0, 1][place[2]!]!)),
    f: (x) => tf.gather(x, [1, 0, 1], 2),
  },
  {
    name: 'unstack and stack turned round',
    shape: FIVE,
    out: [2, 3, 2, 3, 2],
    from: (place) => one(place.with(1, 2 - place[1]!)),
    f: (x) => tf.stack(tf.unstack(x, 1).toReversed(), 1),
  },
  {
    name: 'the sum of three',
    shape: FIVE,
    out: FIVE,
    from: (place) => [place, place, place],
    f: (x) => tf.addN([x, x, x]),
  },
];

for (const backend of backends) {
  for (const { name, shape, out, from, f } of LINEAR) {
    test(`${name} and its gradient, on ${backend}`, async () => {
      await useBackend(backend);
      const [x, dy] = [draw(shape, 1), draw(out, 2)];
      const isPad = name.startsWith('pad');
      const gradient = Array.from(x, () => 0);
      const expected = [...placesOf(out)].map((place, k) => {
        const sources = from(place);
        for (const source of sources) gradient[flatOf(source, shape)]! += dy[k]!;
        return sources.length === 0 && isPad ? 9 : sources.reduce((sum, at) => sum + x[flatOf(at, shape)]!, 0);
      });
      const forward = await read(() => f(tf.tensor(x, [...shape])));
      assert.equal(forward.shape, [...out]);
      close(forward.values, expected, name);
      const slope = await read(() => tf.grad(f)(tf.tensor(x, [...shape]), tf.tensor(dy, [...out])));
      assert.equal(slope.shape, [...shape]);
      close(slope.values, gradient, `gradient of ${name}`);
    });
  }

  const PAIRS: readonly (readonly [Place, Place])[] = [
    [FIVE, [2]],
    [FIVE, []],
    [[3], [2, 2, 1, 2, 3]],
    [FIVE, [3, 2]],
    [FIVE, [2, 1, 2, 1, 2]],
    [
      [2, 3, 1, 1, 1],
      [2, 4],
    ],
    [
      [2, 1, 3, 1, 2],
      [1, 2, 1, 2, 1],
    ],
    [SIX, [2]],
    [[4], [2, 1, 2, 1, 2, 4]],
    [
      [1, 2, 1, 2, 1, 2],
      [2, 1, 2, 1, 2, 1],
    ],
    [SIX, SIX],
    [[1, 1, 1, 1, 1], [1]],
  ];
  const OPERATIONS: Readonly<
    Record<string, readonly [(a: tf.Tensor, b: tf.Tensor) => tf.Tensor, (a: number, b: number) => number]>
  > = {
    add: [tf.add, (a, b) => a + b],
    sub: [tf.sub, (a, b) => a - b],
    mul: [tf.mul, (a, b) => a * b],
    div: [tf.div, (a, b) => a / b],
    floorDiv: [tf.floorDiv, (a, b) => Math.floor(a / b)],
    maximum: [tf.maximum, Math.max],
    minimum: [tf.minimum, Math.min],
    mod: [tf.mod, (a, b) => a % b],
    pow: [tf.pow, (a, b) => a ** b],
    squaredDifference: [tf.squaredDifference, (a, b) => (a - b) ** 2],
    atan2: [tf.atan2, Math.atan2],
    equal: [tf.equal, (a, b) => +(a === b)],
    notEqual: [tf.notEqual, (a, b) => +(a !== b)],
    greater: [tf.greater, (a, b) => +(a > b)],
    greaterEqual: [tf.greaterEqual, (a, b) => +(a >= b)],
    less: [tf.less, (a, b) => +(a < b)],
    lessEqual: [tf.lessEqual, (a, b) => +(a <= b)],
    logicalAnd: [(a, b) => tf.logicalAnd(tf.greater(a, 2), tf.greater(b, 2)), (a, b) => +(a > 2 && b > 2)],
    logicalOr: [(a, b) => tf.logicalOr(tf.greater(a, 2), tf.greater(b, 2)), (a, b) => +(a > 2 || b > 2)],
    prelu: [(a, b) => tf.prelu(tf.sub(a, 3), b), (a, b) => (a < 3 ? (a - 3) * b : a - 3)],
    where: [(a, b) => tf.where(tf.greater(a, b), a, tf.mul(b, 2)), (a, b) => (a > b ? a : 2 * b)],
  };
  for (const [name, [operation, byHand]] of Object.entries(OPERATIONS)) {
    test(`${name} of shapes that differ, on ${backend}`, async () => {
      await useBackend(backend);
      for (const [of, beside] of PAIRS) {
        // The slope of prelu may not have more axes than what it is the slope of.
        if (name === 'prelu' && of.length < beside.length) continue;
        const [a, b] = [draw(of, 3), draw(beside, 4)];
        const out = tf.backend_util.assertAndGetBroadcastShape([...of], [...beside]);
        const valueAt = (values: Float32Array, shape: Place, place: number[]): number =>
          values[flatOf(place.slice(place.length - shape.length).map((at, axis) => Math.min(at, shape[axis]! - 1)), shape)]!; // prettier-ignore
        const expected = [...placesOf(out)].map((place) => byHand(valueAt(a, of, place), valueAt(b, beside, place)));
        const found = await read(() => operation(tf.tensor(a, [...of]), tf.tensor(b, [...beside])));
        assert.equal(found.shape, out);
        close(found.values, expected, `${name} of [${of}] and [${beside}]`);
      }
    });
  }

  test(`a product and its two gradients, on ${backend}`, async () => {
    await useBackend(backend);
    const [a, b] = [draw(FIVE, 5), draw([2], 6)];
    const dy = draw(FIVE, 7);
    const gradients = tf.tidy(() =>
      tf.grads((x: tf.Tensor, y: tf.Tensor) => tf.mul(x, y))(
        [tf.tensor(a, FIVE), tf.tensor(b, [2])],
        tf.tensor(dy, FIVE),
      ),
    );
    const [first, second] = [await read(() => gradients[0]!.clone()), await read(() => gradients[1]!.clone())];
    tf.dispose(gradients);
    close(first.values, Array.from(dy, (slope, k) => slope * b[k % 2]!), 'slopes of the long one'); // prettier-ignore
    const sums = [0, 0];
    dy.forEach((slope, k) => (sums[k % 2]! += slope * a[k]!));
    close(second.values, sums, 'slopes of the short one');
  });

  test(`activations of five axes and their gradients, on ${backend}`, async () => {
    await useBackend(backend);
    const x = draw(FIVE, 8).map((value) => value - 2.75);
    const elu = await read(() => tf.grad((t: tf.Tensor) => tf.elu(t))(tf.tensor(x, FIVE)));
    close(elu.values, Array.from(x, (value) => (value > 0 ? 1 : Math.exp(value))), 'elu'); // prettier-ignore
    const leaky = await read(() => tf.grad((t: tf.Tensor) => tf.leakyRelu(t, 0.3))(tf.tensor(x, FIVE)));
    close(leaky.values, Array.from(x, (value) => (value > 0 ? 1 : 0.3)), 'leakyRelu'); // prettier-ignore
  });

  test(`no tensor stays behind, on ${backend}`, async () => {
    await useBackend(backend);
    const x = tf.tensor(draw(FIVE, 9), FIVE);
    const before = { ...tf.memory() };
    for (const { shape, f, out } of LINEAR) {
      tf.tidy(() => void tf.grad(f)(tf.tensor(draw(shape, 1), [...shape]), tf.ones([...out])));
    }
    tf.tidy(() => void tf.where(tf.greater(x, tf.tensor1d([1, 2])), x, tf.mul(x, tf.tensor1d([3, 4]))));
    assert.is(tf.memory().numTensors, before.numTensors);
    assert.is(tf.memory().numDataBuffers, before.numDataBuffers);
    x.dispose();
  });
}

test.run();
