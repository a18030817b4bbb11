// What the tests of recorded passes compare: sections run by a recorder, and the same sections on their own.
import process from 'node:process';
import * as tf from '@tensorflow/tfjs';
import { RecordedPasses } from '@vogjs/backend';
import { inputGradientOf, logitsOf, runningMoments } from '@vogjs/core';
import { selectBackend } from '@vogjs/core/node';
import type { TestBackend } from '@vogjs/testing';

type Named = Readonly<Record<string, tf.Tensor>>;

/** The backends that record, of those that tests run on. */
export function recording(backends: readonly TestBackend[]): ('tfjs-node' | 'tfjs-node-gpu')[] {
  return backends.filter((name) => name === 'tfjs-node' || name === 'tfjs-node-gpu');
}

/** The part of the add-on that tells what is open. */
interface Counters {
  getNumOfSavedModels(): number;
  getNumOfFunctions?(): number;
}

function counters(): Counters {
  return (tf.backend() as unknown as { readonly binding: Counters }).binding;
}

/** Recordings that TensorFlow holds. */
export function openSessions(): number {
  return counters().getNumOfSavedModels() + (counters().getNumOfFunctions?.() ?? 0);
}

/** Ways in which TensorFlow runs a recording here: as a function only after `vogjs link-libtensorflow`. */
export function ways(): ('saved-model' | 'function')[] {
  return counters().getNumOfFunctions === undefined ? ['saved-model'] : ['saved-model', 'function'];
}

/** Runs with recordings loaded in one way. */
export async function recordedAs<T>(way: 'saved-model' | 'function', run: () => Promise<T> | T): Promise<T> {
  const before = process.env['VOGJS_RECORDED'];
  process.env['VOGJS_RECORDED'] = way;
  try {
    return await run();
  } finally {
    if (before === undefined) delete process.env['VOGJS_RECORDED'];
    else process.env['VOGJS_RECORDED'] = before;
  }
}

export async function recordedOn(backend: 'tfjs-node' | 'tfjs-node-gpu'): Promise<RecordedPasses> {
  await selectBackend(backend);
  const passes = new RecordedPasses();
  await passes.load();
  return passes;
}

/** Logits, input gradient and a step of its moments: what VoG asks of a chunk. */
export function vogSection(model: tf.LayersModel, x: tf.Tensor, labels: Int32Array): () => Named {
  return () =>
    tf.tidy(() => {
      const f = logitsOf(model);
      const gradient = inputGradientOf((input) => f(input), x, labels);
      const { count, mean, m2 } = runningMoments.push(runningMoments.init(gradient.shape), gradient);
      return { logits: f(x), gradient, count, mean, m2: tf.add(m2, 1) };
    });
}

/** The largest difference of two results, of the largest value in either. */
export function distance(a: Named, b: Named): number {
  let most = 0;
  for (const name of Object.keys(a)) {
    const [p, q] = [a[name]!.dataSync(), b[name]!.dataSync()];
    if (p.length !== q.length) return Number.POSITIVE_INFINITY;
    const scale = Math.max(...[...q].map(Math.abs), Number.MIN_VALUE);
    for (let i = 0; i < p.length; i++) {
      if (!Object.is(p[i], q[i]))
        most = Math.max(most, Math.abs(p[i]! - q[i]!) / scale || 0, Number.isNaN(p[i]! - q[i]!) ? 1 : 0);
    }
  }
  return most;
}
