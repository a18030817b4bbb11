import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import type { ScorableModel } from '../model/model.js';
import type { ProbeOptions } from '../probe/probe.js';
import type { Requirements } from '../resources/resource.js';
import type { Consumer } from './consumer.js';
import { passOverProbe } from './visiting.js';
import type { OwnParts } from './provided.js';
import type { Collected, VisitOptions } from './visit-options.js';

/** What `collectResources` does. */
export async function collectAll(
  model: ScorableModel,
  probe: ProbeOptions,
  requires: Requirements,
  options: VisitOptions,
  own: OwnParts,
): Promise<Record<string, Collected>> {
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
  await passOverProbe(model, probe, [collecting], options, own);
  return Object.fromEntries([...parts].map(([name, { pieces, shape }]) => [name, { data: joined(pieces), shape }]));
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
