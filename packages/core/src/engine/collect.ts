import * as tf from '@tensorflow/tfjs';
import { refuseUnknownKeys, VogError } from '@vogjs/base';
import { settleDevice } from '../backends/device-errors.js';
import { repairBackend } from '../backends/repair.js';
import { tapeGradientEngine } from '../gradients/input-gradient.js';
import { type LogitsOptions, modelAdapter, type ScorableModel } from '../model/adapter.js';
import { checkLabelRange } from '../probe/labels.js';
import { Probe, type ProbeOptions } from '../probe/probe.js';
import { ChunkResolver, needsOf } from '../resources/resolver.js';
import type { Requirements } from '../resources/resource.js';
import { cutChunks, defaultChunkSize } from './chunks.js';
import { yieldToHost } from './clock.js';
import { checkInputShapes } from './preflight.js';

/** What `collectResources` takes beside model and probe. */
export interface CollectOptions {
  /** Examples per pass. By default chosen from the input's shape. */
  readonly chunkSize?: number;
  /** Where the model's logits are, when that cannot be read off it. */
  readonly logits?: LogitsOptions;
}

/** A resource of all examples, on the host. */
export interface Collected {
  /** Row-major, the examples in the probe's order. */
  readonly data: Float32Array | Int32Array;
  /** `[N, ...]` */
  readonly shape: readonly number[];
}

/**
 * Values of resources for all examples of a probe, from one pass over a model as it is now: for scores that compare
 * examples with one another, which a metric, seeing one chunk at a time, cannot. Takes the memory of those values.
 *
 * ```ts
 * const { penultimate: h, labels: y } = await collectResources(model, { inputs, labels }, { penultimate, labels });
 * ```
 *
 * @throws VogError INPUT_SHAPE, LABEL_INVALID, LAYER_UNKNOWN, LOGITS_UNRESOLVED
 */
export async function collectResources<const R extends Requirements>(
  model: ScorableModel,
  probeOptions: ProbeOptions,
  requires: R,
  options: CollectOptions = {},
): Promise<{ readonly [Name in keyof R]: Collected }> {
  refuseUnknownKeys('a probe', probeOptions, ['inputs', 'labels', 'ids', 'classNames']);
  refuseUnknownKeys('collectResources', options, ['chunkSize', 'logits']);
  const probe = new Probe(probeOptions);
  const { chunkSize = defaultChunkSize(probe.inputShapes), logits = {} } = options;
  if (!Number.isInteger(chunkSize) || chunkSize < 1) {
    throw new VogError('ARGUMENT_INVALID', `chunkSize must be a positive integer; got ${chunkSize}.`);
  }
  await probe.prepare();
  repairBackend();
  const needs = needsOf([requires]);
  const bound = modelAdapter.bind(model, logits, needs.features);
  checkInputShapes(probe.inputShapes, bound);
  const parts = new Map<string, { pieces: (Float32Array | Int32Array)[]; shape: number[] }>();
  for (const { start, size } of cutChunks(probe.size, chunkSize)) {
    const inputs = await probe.read(start, start + size);
    let values: Record<string, tf.Tensor> = {};
    try {
      values = tf.tidy(() => {
        const labels = probe.labels?.subarray(start, start + size) ?? null;
        const resolver = new ChunkResolver(bound, tapeGradientEngine, needs, { inputs, labels, start, size });
        if (labels !== null && needs.forward && needs.labels) checkLabelRange(labels, resolver.classes, 'the model');
        const resolved = Object.entries(resolver.resolve(requires));
        return Object.fromEntries(resolved.map(([name, value]) => [name, tf.clone(rowsOf(name, value, size))]));
      });
      for (const [name, tensor] of Object.entries(values)) {
        const part = parts.get(name) ?? { pieces: [], shape: [probe.size, ...tensor.shape.slice(1)] };
        part.pieces.push((await tensor.data()) as Float32Array | Int32Array);
        parts.set(name, part);
      }
    } finally {
      tf.dispose([inputs, values]);
    }
    await yieldToHost();
  }
  await settleDevice('while resources were read');
  const collected = [...parts].map(([name, { pieces, shape }]) => [name, { data: joined(pieces), shape }]);
  return Object.fromEntries(collected) as { readonly [Name in keyof R]: Collected };
}

function rowsOf(name: string, value: unknown, size: number): tf.Tensor {
  if (value instanceof tf.Tensor && value.shape[0] === size) return value;
  const got = value instanceof tf.Tensor ? `[${value.shape.join(', ')}]` : 'no tensor';
  throw new VogError(
    'INPUT_SHAPE',
    `collectResources needs one row per example, [${size}, ...]; '${name}' gave ${got}.`,
  );
}

function joined(pieces: readonly (Float32Array | Int32Array)[]): Float32Array | Int32Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const all = pieces[0] instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
