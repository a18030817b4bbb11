import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import type { ScorableModel } from '../model/model.js';
import type { ProbeOptions } from '../probe/probe.js';
import type { Requirements } from '../resources/resource.js';
import type { Consumer } from './consumer.js';
import { visitProbe } from './visit.js';
import type { VisitOptions } from './visit-options.js';

/** What `collectResources` takes beside model and probe. */
export type CollectOptions = VisitOptions;

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
  probe: ProbeOptions,
  requires: R,
  options: CollectOptions = {},
): Promise<{ readonly [Name in keyof R]: Collected }> {
  const parts = new Map<string, { pieces: (Float32Array | Int32Array)[]; shape: number[] }>();
  const collecting: Consumer = {
    requires,
    visit: (values, { size }) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rowsOf(name, value, size)])),
    receive: (values, { total }) => {
      for (const [name, { data, shape }] of Object.entries(values)) {
        const part = parts.get(name) ?? { pieces: [], shape: [total, ...shape.slice(1)] };
        part.pieces.push(data as Float32Array | Int32Array);
        parts.set(name, part);
      }
    },
  };
  await visitProbe(model, probe, [collecting], options);
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
