import { seededRandom, type SeededRandom, type ShapedArray, VogError, type ErrorCode } from '@vogjs/base';
import * as assert from 'uvu/assert';

// Test support: data with planted faults, from a seed that is new each run.

/** A random stream whose seed stands in the name of what fails. */
export function freshRandom(): { readonly seed: number; readonly random: SeededRandom } {
  const seed = Math.floor(Math.random() * 2 ** 32);
  return { seed, random: seededRandom(seed) };
}

/**
 * The same three streams in every run. How many planted faults are found, and how many right examples are accused, differs
 * from draw to draw: a bound that holds for every draw would say nothing, so it is asked of these.
 */
export function fixedDraws(): readonly ReturnType<typeof freshRandom>[] {
  return [1, 2, 3].map((seed) => ({ seed, random: seededRandom(seed) }));
}

export interface Blobs {
  readonly labels: Int32Array;
  /** `[N, width]`: the class's centre and normal noise. */
  readonly features: ShapedArray;
}

/** `size` examples in `classes` clouds, classes in turn. */
export function blobs(random: SeededRandom, size: number, classes: number, width = 8): Blobs {
  const centres = Float32Array.from({ length: classes * width }, () => 4 * random.normal());
  const labels = Int32Array.from({ length: size }, (_, i) => i % classes);
  const data = Float32Array.from({ length: size * width }, (_, at) => {
    const label = labels[Math.floor(at / width)]!;
    return centres[label * width + (at % width)]! + random.normal();
  });
  return { labels, features: { data, shape: [size, width] } };
}

/** Moves some labels, and says which. */
export function plantErrors(
  random: SeededRandom,
  labels: Int32Array,
  classes: number,
  share: number,
): { readonly given: Int32Array; readonly wrong: Uint8Array } {
  const given = labels.slice();
  const wrong = new Uint8Array(labels.length);
  for (const i of random.shuffle(labels.length).subarray(0, Math.round(share * labels.length))) {
    given[i] = (labels[i]! + 1 + random.integer(classes - 1)) % classes;
    wrong[i] = 1;
  }
  return { given, wrong };
}

/** Probabilities of a model that is right in most cases and never quite sure. */
export function outputsFor(random: SeededRandom, truth: Int32Array, classes: number): ShapedArray {
  const data = new Float32Array(truth.length * classes);
  for (const [i, label] of truth.entries()) {
    const logits = Float64Array.from({ length: classes }, (_, c) => random.normal() + (c === label ? 4 : 0));
    const exponentials = logits.map(Math.exp);
    const sum = exponentials.reduce((total, value) => total + value, 0);
    data.set(
      exponentials.map((value) => value / sum),
      i * classes,
    );
  }
  return { data, shape: [truth.length, classes] };
}

/** A picture of a few soft waves, its own for each draw: neighbours in it look alike, other pictures do not. */
export function picture(random: SeededRandom, width: number, height: number, channels: 1 | 3): Uint8Array {
  const waves = Array.from({ length: 6 }, () => Array.from({ length: 3 + channels }, () => random.normal()));
  return Uint8Array.from({ length: width * height * channels }, (_, at) => {
    const [channel, pixel] = [at % channels, Math.floor(at / channels)];
    const [x, y] = [(pixel % width) / width, Math.floor(pixel / width) / height];
    const sum = waves.reduce(
      (total, [u, v, phase, ...own]) => total + own[channel]! * Math.sin(6 * (u! * x + v! * y) + 3 * phase!),
      0,
    );
    return Math.max(0, Math.min(255, Math.round(128 + 30 * sum)));
  });
}

export function assertCode(code: ErrorCode, run: () => unknown, message?: RegExp): void {
  assert.throws(run, (error: unknown) => {
    if (!(error instanceof VogError)) throw error;
    assert.is(error.code, code, error.message);
    if (message) assert.match(error.message, message);
    return true;
  });
}

/** Share of the flagged that are right, and share of the right that are flagged. */
export function precisionAndRecall(flagged: Uint8Array, planted: Uint8Array): { precision: number; recall: number } {
  let hits = 0;
  for (const [i, flag] of flagged.entries()) hits += flag * planted[i]!;
  const sum = (flags: Uint8Array): number => flags.reduce((total, flag) => total + flag, 0);
  return { precision: hits / sum(flagged), recall: hits / sum(planted) };
}
