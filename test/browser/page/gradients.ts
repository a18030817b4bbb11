// In the page: input gradients against finite differences, and what has no gradient refused.
import * as tf from '@tensorflow/tfjs';
import { VogError, withLeanGradients } from '@vogjs/core';
import { repairBackend } from '@vogjs/backend/repair';
import { compareWithFiniteDifferences } from '@vogjs/backend';
import { uniformFrom } from '@vogjs/testing/random';
import { normalBatch, seedWeights, zoo } from '../../zoo.js';
import { startBackend } from './backend.js';
import { normalOf, operations, refused } from './operations.js';

export interface Verdict {
  readonly name: string;
  readonly agrees: boolean;
  readonly summary: string;
}

/** Those whose name holds one of `parts`; all where there is none. */
const chosen = <Named extends { readonly name: string }>(all: readonly Named[], parts: readonly string[]): Named[] =>
  all.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));

/** Networks of the zoo on the active backend, by the path of the product: lean gradients. */
async function checkNetworks(seed: number, parts: readonly string[] = []): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { name, build, kinks, step } of chosen(zoo, parts)) {
    const model = seedWeights(build(), seed);
    const random = uniformFrom(seed + 1);
    const x = normalBatch(model, 3, random);
    const f = (at: tf.Tensor): tf.Tensor => model.apply(at, { training: false }) as tf.Tensor;
    const { agrees, summary } = await compareWithFiniteDifferences(f, x, {
      random,
      coordinates: 24,
      gradient: (at, dy) => withLeanGradients(() => tf.grad(f)(at, dy)),
      ...(kinks === undefined ? {} : { maximumDiscarded: kinks }),
      ...(step === undefined ? {} : { step }),
    });
    verdicts.push({ name, agrees, summary });
    model.dispose();
    x.dispose();
  }
  return verdicts;
}

/** Operations on the active backend; a gradient that throws is not right. */
async function checkOperations(seed: number, parts: readonly string[] = []): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { name, shape, f } of chosen(operations, parts)) {
    const random = uniformFrom(seed);
    const x = normalOf(random, shape);
    try {
      const { agrees, summary } = await compareWithFiniteDifferences(f(random), x, { random, coordinates: 40 });
      verdicts.push({ name, agrees, summary });
    } catch (error) {
      verdicts.push({ name, agrees: false, summary: error instanceof Error ? error.message : String(error) });
    }
    x.dispose();
  }
  return verdicts;
}

/** What each gradient that does not exist throws: a code, or whatever else there is. */
function checkRefusals(): Record<string, string> {
  const codes = Object.entries(refused).map(([name, f]) =>
    tf.tidy(() => {
      const x = tf.ones([1, 4, 4, 2]);
      if (f(x).size === 0) return [name, 'its forward pass gives nothing'];
      try {
        tf.grad(f)(x);
        return [name, 'a gradient'];
      } catch (error) {
        return [name, error instanceof VogError ? error.code : String(error)];
      }
    }),
  );
  return Object.fromEntries(codes) as Record<string, string>;
}

/** Gradient of a max pool whose windows hold equal pixels, dy = 1, 2, ... 17, 1, ... */
async function maxPoolGradient(
  pixels: readonly number[],
  shape: [number, number, number, number],
  size: number,
  strides: number,
): Promise<number[]> {
  const gradient = tf.tidy(() => {
    const pool = (x: tf.Tensor): tf.Tensor => tf.maxPool(x as tf.Tensor4D, size, strides, 'same');
    const x = tf.tensor4d([...pixels], shape);
    const out = pool(x);
    const dy = Float32Array.from({ length: out.size }, (_, i) => 1 + (i % 17));
    return tf.grad(pool)(x, tf.tensor(dy, out.shape));
  });
  const values = [...(await gradient.data())];
  gradient.dispose();
  return values;
}

const tests = { startBackend, repairBackend, checkNetworks, checkOperations, checkRefusals, maxPoolGradient };
export type GradientTests = typeof tests;
Object.assign(globalThis, { tests });
