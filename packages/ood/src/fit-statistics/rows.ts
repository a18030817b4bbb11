import { checkArgument, checkOf } from '@vogjs/base';
import { type Resource, VogError } from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';
import { defineStatistic, type Statistic } from './statistic.js';

/** Rows of numbers on the host, one after the other. */
export interface HostMatrix {
  readonly data: Float32Array;
  /** `[rows, columns]` */
  readonly shape: readonly [number, number];
}

/** All rows of a resource `[size, d]`, in the order of the fit set, on the host: N x d x 4 bytes. */
export function rowsOf(resource: Resource<tf.Tensor>): Statistic<HostMatrix> {
  checkArgument('rowsOf', 'resource', resource, checkOf('a resource', isResource));
  return defineStatistic({
    name: 'rows',
    parameters: { resource: resource.key },
    requires: { resource },
    begin: () => {
      let rows: { data: Float32Array; width: number } | undefined;
      return {
        visit: (values) => ({ rows: values.resource }),
        receive: ({ rows: chunk }, { start, size, total }) => {
          const { data } = chunk!;
          rows ??= { data: new Float32Array((data.length / size) * total), width: data.length / size };
          rows.data.set(data as Float32Array, start * rows.width);
          requireFinite(data, `'${resource.name}'`, start, rows.width);
        },
        finish: () => {
          const { data, width } = rows!;
          return { data, shape: [data.length / width, width] };
        },
      };
    },
  });
}

function isResource(value: unknown): boolean {
  return typeof (value as Partial<Resource> | null | undefined)?.compute === 'function';
}

/** Refuses NaN and infinite values of a model: nothing that is fitted on them means anything. */
export function requireFinite(values: ArrayLike<number>, what: string, start: number, width: number): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new VogError(
      'RESULT_NOT_FINITE',
      `${what} is ${values[i]} at example ${start + Math.floor(i / width)} of the fit set. ` +
        'The weights, or that input, are broken: a detector cannot be fitted on it.',
    );
  }
}
