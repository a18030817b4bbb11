import { type SeededRandom, VogError, type ErrorCode } from '@vogjs/core';
import { normalTensor, SEED } from '@vogjs/testing';
import * as tf from '@tensorflow/tfjs';
import * as assert from 'uvu/assert';

// Test support: small networks with random weights, and what they are asked.

/** Gives every weight a random value: tfjs's own initialisers ignore seeds of ours. */
function randomise<M extends tf.LayersModel>(model: M, random: SeededRandom, scale = 0.5): M {
  tf.tidy(() => model.setWeights(model.getWeights().map(({ shape }) => normalTensor(random, shape, scale))));
  return model;
}

/** 6 -> 8 tanh -> 4, softmax. */
export function denseNetwork(random: SeededRandom, scale = 0.7): tf.Sequential {
  return randomise(
    tf.sequential({
      layers: [
        tf.layers.dense({ name: 'hidden', units: 8, inputShape: [6], activation: 'tanh' }),
        tf.layers.dense({ name: 'head', units: 4, activation: 'softmax' }),
      ],
    }),
    random,
    scale,
  );
}

/** Convolution, relu, global pool, dense: with a feature map `[4, 4, 3]` in layer 'map'. */
export function convolutionNetwork(random: SeededRandom): tf.Sequential {
  return randomise(
    tf.sequential({
      layers: [
        tf.layers.conv2d({ name: 'map', filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 2] }),
        tf.layers.globalAveragePooling2d({ name: 'pool', dataFormat: 'channelsLast' }),
        tf.layers.dense({ units: 4, activation: 'softmax' }),
      ],
    }),
    random,
  );
}

/** Counts the calls of a layer; `stop()` ends it. */
export function countCalls(layer: tf.layers.Layer): { count: number; stop(): void } {
  const original = layer.call.bind(layer);
  const counter = {
    count: 0,
    stop: () => {
      layer.call = original;
    },
  };
  layer.call = (inputs, options) => {
    counter.count++;
    return original(inputs, options);
  };
  return counter;
}

/** The VogError that `run` rejects or throws with; fails when it does not, or when code or message is another. */
export async function codedError(run: () => unknown, code: ErrorCode, part = /./): Promise<void> {
  let thrown: unknown;
  try {
    await run();
  } catch (error) {
    thrown = error;
  }
  if (!(thrown instanceof VogError)) {
    assert.unreachable(`expected VogError ${code}, got ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  }
  assert.is((thrown as VogError).code, code, String(thrown));
  assert.match((thrown as VogError).message, part);
}

/** Asserts agreement relative to the largest expected value. */
export function assertClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = 1e-5,
): void {
  assert.is(found.length, expected.length, what);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-30);
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(found[i]! - expected[i]!) / scale;
    assert.ok(off <= tolerance, `${what}[${i}] is ${found[i]}, expected ${expected[i]} (SEED=${SEED})`);
  }
}
