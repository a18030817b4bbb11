import {
  type ChunkView,
  type HostValue,
  type Requirements,
  type ResourceParameters,
  resourceKey,
  type ValuesOf,
  type VisitedChunk,
} from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';

/** A statistic in the making. */
export interface Accumulator<Value, Values = Readonly<Record<string, unknown>>> {
  /** Inside the chunk's synchronous `tf.tidy`: what should leave the device. */
  visit(values: Values, chunk: ChunkView): Readonly<Record<string, tf.Tensor>>;
  /** Gets it on the host, chunk after chunk, in order. */
  receive(values: Readonly<Record<string, HostValue>>, chunk: VisitedChunk): void;
  /** The statistic of all chunks. */
  finish(): Value;
}

/** Something gathered in one pass over the fit set. Two of the same name and parameters are the same one. */
export interface Statistic<Value> {
  readonly name: string;
  /** Identity: name and parameters. */
  readonly key: string;
  readonly requires: Requirements;
  begin(): Accumulator<Value>;
}

/** What a detector gathers, by the names it uses. */
export type StatisticsOf = Readonly<Record<string, Statistic<unknown>>>;

/** The values of `StatisticsOf`, under the same names. */
export type StatisticValues<F extends StatisticsOf> = {
  readonly [Name in keyof F]: F[Name] extends Statistic<infer Value> ? Value : never;
};

/** What `defineStatistic` takes. */
export interface StatisticDefinition<R extends Requirements, Value> {
  readonly name: string;
  /** Values that distinguish one use from another. */
  readonly parameters?: ResourceParameters;
  readonly requires: R;
  /** A fresh accumulator for each pass. */
  readonly begin: () => Accumulator<Value, ValuesOf<R>>;
}

/** Makes a statistic of the fit set that detectors share. */
export function defineStatistic<const R extends Requirements, Value>(
  definition: StatisticDefinition<R, Value>,
): Statistic<Value> {
  const { name, parameters = {}, requires, begin } = definition;
  return { name, key: resourceKey(name, parameters), requires, begin: begin as Statistic<Value>['begin'] };
}
