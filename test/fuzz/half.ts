// The tests of one half of a run's networks: two files, so that two processes share the work.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type BackendName, selectBackend } from '@vogjs/core/node';
import { runSeed } from '@vogjs/testing';
import { FloatOracle } from './oracle.js';
import { casesOf, type Summary, tryCases } from './run.js';

/**
 * Networks of a run, both halves: VOGJS_FUZZ_NETWORKS; else 200 with --all, and 100 on the backends of native TensorFlow
 * and WebGPU; the newcomer's run tries some.
 */
const total = Number(process.env['VOGJS_FUZZ_NETWORKS'] ?? defaultTotal());

function defaultTotal(): number {
  if (process.env['VOGJS_TEST_ALL'] === '1') return 200;
  return process.env['VOGJS_TEST_BACKENDS'] === undefined ? 30 : 100;
}
const BATCH = 25;

function assertRight(
  { found, unrunnable, smooth, kinked, exempted, tried }: Summary,
  seed: number,
  backend: string,
): void {
  // A side of two kinks at once may be right (see 'kink'): one network of a batch is let pass, a fault of the kind is in many.
  const disputed = found.filter(({ verdict }) => verdict.faults.every(({ kind }) => kind === 'kink'));
  const wrong = disputed.length === 1 ? found.filter((one) => !disputed.includes(one)) : found;
  const faults = wrong.map(({ index, example, verdict }) => {
    const rerun = `node scripts/ts.mjs test/fuzz/main.ts --backend ${backend} --seed ${seed} --from ${index} --count 1`;
    return [
      `${example.name}:`,
      ...verdict.faults.slice(0, 3).map(({ kind, text }) => `  ${kind}: ${text}`),
      `  ${rerun}`,
    ].join('\n');
  });
  assert.is(wrong.length, 0, `${wrong.length} of ${tried} networks are wrong\n${faults.join('\n')}`);
  assert.equal(unrunnable, [], `the generator made networks that tfjs cannot run (seed ${seed})`);
  const all = smooth + kinked + exempted;
  assert.ok(smooth > 0 && kinked <= 0.3 * all, `${kinked} of ${all} slopes lie beside a kink (seed ${seed})`);
  assert.ok(exempted <= 0.1 * all, `${exempted} of ${all} slopes were exempted (seed ${seed})`);
}

/** Registers and runs the tests of half 0 or 1 on these backends. */
export function testHalf(half: 0 | 1, backends: readonly BackendName[]): void {
  assert.ok(
    Number.isSafeInteger(total) && total > 0,
    `VOGJS_FUZZ_NETWORKS must be a whole number above 0, not ${total}`,
  );
  const seed = runSeed();
  const [begin, end] = half === 0 ? [0, Math.ceil(total / 2)] : [Math.ceil(total / 2), total];
  const batches = Array.from({ length: Math.ceil((end - begin) / BATCH) }, (_, batch) => begin + batch * BATCH);
  const cases = new Map<number, ReturnType<typeof casesIn>>();
  const casesIn = (from: number): (readonly [number, import('./generate.js').Case])[] => [
    ...casesOf(seed, from, Math.min(end, from + BATCH)),
  ];
  const warn = console.warn;
  let oracle: FloatOracle;
  for (const [at, backend] of backends.entries()) {
    const test = suite(`fuzzed networks on ${backend} (SEED=${seed} repeats them)`);
    test.before(async () => {
      // tfjs asks on every model for a native backend.
      console.warn = () => {};
      if (at === 0) oracle = new FloatOracle();
      await selectBackend(backend);
    });
    test.after(() => {
      console.warn = warn;
      if (at === backends.length - 1) oracle.close();
    });
    for (const from of batches) {
      test(`logits, loss and input gradients are those of float64: networks from ${from}`, async () => {
        const known = cases.get(from) ?? casesIn(from);
        cases.set(from, known);
        assertRight(await tryCases(known, oracle), seed, backend);
      });
    }
    test.run();
  }
}
