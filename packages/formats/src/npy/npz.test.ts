// Only with --all: it writes and cuts archives
import { readFileSync } from 'node:fs';
import { seededRandom, VogError } from '@vogjs/base';
import { runSeed } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readNpz, writeNpz } from './npz.js';

/** Files that NumPy wrote. */
const golden = JSON.parse(readFileSync(new URL('npz.golden.json', import.meta.url), 'utf8')) as Record<
  'stored' | 'packed' | 'half',
  string
>;
const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));
const seed = runSeed();
const test = suite('npz');

async function codeOf(file: Uint8Array): Promise<string> {
  try {
    await readNpz(file);
    return 'read';
  } catch (error) {
    if (error instanceof VogError) return error.code;
    throw error;
  }
}

test('what numpy.savez and numpy.savez_compressed wrote is read, in its order, with its names', async () => {
  for (const key of ['stored', 'packed'] as const) {
    const arrays = await readNpz(bytesOf(golden[key]));
    assert.equal(Object.keys(arrays), ['w', 'b/é', 'big', 'f', 'scalar']);
    assert.equal(
      [arrays['w']?.shape, [...(arrays['w']?.data ?? [])]],
      [
        [2, 3],
        [0, 1, 2, 3, 4, 5],
      ],
    );
    assert.equal([...(arrays['b/é']?.data ?? [])], [1, 0]);
    assert.equal([...(arrays['big']?.data ?? [])], [0n, 1n, 2n, 3n]);
    assert.equal([...(arrays['f']?.data ?? [])], [0, 1, 2, 3, 4, 5]);
    assert.equal([arrays['scalar']?.shape, [...(arrays['scalar']?.data ?? [])]], [[], [2.5]]);
  }
});

test('what is written is read back, stored and deflated, names and all; equal arrays give equal bytes', async () => {
  const random = seededRandom(seed);
  const data = Float32Array.from({ length: 3000 }, () => random.normal());
  const arrays = {
    'layer.weight': { data, shape: [30, 100] },
    ['__proto__']: { data: Int32Array.of(7), shape: [1] },
    empty: { data: new Float64Array(0), shape: [0, 4] },
  };
  for (const compress of [false, true]) {
    const file = await writeNpz(arrays, { compress });
    assert.equal(await writeNpz(arrays, { compress }), file);
    const read = await readNpz(file);
    assert.equal(Object.keys(read), Object.keys(arrays), `SEED=${seed}`);
    assert.equal([...(read['layer.weight']?.data ?? [])], [...data], `SEED=${seed}`);
    assert.equal(read['empty']?.shape, [0, 4]);
  }
  assert.equal(await readNpz(await writeNpz({})), {});
});

test('a damaged byte anywhere is found or changes nothing; a file cut short is refused', async () => {
  const random = seededRandom(seed);
  const whole = bytesOf(golden.packed);
  const expected = await readNpz(whole);
  const found = new Map<string, number>();
  for (let trial = 0; trial < 150; trial++) {
    const file = Uint8Array.from(whole);
    const at = random.integer(file.length);
    file[at] = (file[at] as number) ^ (1 + random.integer(255));
    const code = await codeOf(file);
    found.set(code, (found.get(code) ?? 0) + 1);
    if (code !== 'read') continue;
    // Names, dates and lengths of comments bear no check sum; the numbers do.
    const values = Object.values(await readNpz(file)).map((array) => [...array.data]);
    const all = Object.values(expected).map((array) => [...array.data]);
    assert.ok(
      values.every((value) => all.some((each) => String(each) === String(value))),
      `SEED=${seed}, byte ${at}`,
    );
  }
  assert.ok((found.get('FORMAT_INVALID') ?? 0) > 50, JSON.stringify([...found]));
  for (const share of [0, 0.2, 0.5, 0.99]) {
    assert.match(await codeOf(whole.subarray(0, Math.floor(whole.length * share))), /FORMAT_(TRUNCATED|INVALID)/);
  }
});

test('arrays of kinds that are not read are refused by name', async () => {
  try {
    await readNpz(bytesOf(golden.half));
    assert.unreachable('float16 was read');
  } catch (error) {
    assert.ok(error instanceof VogError && error.code === 'FORMAT_UNSUPPORTED');
    assert.match(error.message, /'h\.npy' in the NPZ file.*<f2/);
  }
  assert.is(await codeOf(Uint8Array.of(1, 2, 3, 4, 5)), 'FORMAT_INVALID');
});

test.run();
