import * as tf from '@tensorflow/tfjs';
import { keepBackendRepaired, loadRepairs, type RecordedPasses } from '@vogjs/backend';
import type { GradientEngine } from '../gradients/input-gradient.js';
import type { BoundModel } from '../model/model.js';
import { needsOf } from '../resources/needs.js';
import { reaches } from '../resources/requirements.js';
import type { Chunk } from './chunks.js';
import { yieldToHost } from './clock.js';
import type { Consumer, HostValue, TurnFailure } from './consumer.js';
import type { Examples } from './examples.js';
import { type Footprint, withMemoryMeter } from './memory-meter.js';
import { ChunkResolver, ResourceFailure } from './resolver.js';
import { watchModel, type WatchedModel } from './watched-model.js';

/** What a pass needs beside model, examples and consumers. */
export interface PassServices {
  readonly gradientEngine: GradientEngine;
  /** Computes chunks as recorded sessions where the backend can; without it one operation at a time. */
  readonly recorded?: RecordedPasses;
  /** Told what the first chunk took of memory for a moment; null where the backend does not show it. */
  readonly onFootprint?: (footprint: Footprint | null) => void;
}

type Leaving = Readonly<Record<string, tf.Tensor>>;
const NOTHING: Leaving = {};

/**
 * The only loop over examples in the project.
 *
 * ```
 * for each chunk, in one synchronous tidy:
 *   resources, each at most once ► every consumer's turn, in order
 * then what leaves the device leaves, all of it at once, and every consumer receives its own
 * ```
 *
 * Which chunks there are is the examples' affair: `chunks` is asked for the next one when the last one is done.
 */
export async function passOver(
  model: BoundModel,
  examples: Examples,
  consumers: readonly Consumer[],
  services: PassServices,
): Promise<void> {
  await loadRepairs();
  await services.recorded?.load();
  const pass = new Pass(model, examples, consumers, services);
  const chunks = examples.chunks[Symbol.iterator]();
  for (let next = chunks.next(); next.done !== true;) {
    await pass.over(next.value);
    // Asked before the host has its turn: what is told between two chunks, such as progress, shows at once.
    next = chunks.next();
    await yieldToHost();
  }
}

class Pass {
  private readonly model: WatchedModel;
  private consumers: readonly Consumer[];
  private needs;
  private isFirst = true;

  constructor(
    model: BoundModel,
    private readonly examples: Examples,
    consumers: readonly Consumer[],
    private readonly services: PassServices,
  ) {
    this.model = watchModel(model);
    this.consumers = consumers;
    this.needs = needsOf(consumers.map(({ requires }) => requires));
  }

  async over(chunk: Chunk): Promise<void> {
    const [taking, leaving] = await this.turns(chunk);
    try {
      const received = await Promise.all(leaving.map(onHost));
      const visited = { ...chunk, total: this.examples.size };
      for (const [i, consumer] of taking.entries()) {
        const receiving = consumer.receive?.(received[i]!, visited);
        if (receiving !== undefined) await receiving;
      }
    } finally {
      tf.dispose(leaving);
    }
  }

  /** The consumers that had their turns, and what each of them lets go. */
  private async turns(chunk: Chunk): Promise<[Consumer[], Leaving[]]> {
    let inputs: tf.Tensor[] = [];
    const taking: Consumer[] = [];
    try {
      inputs = await this.examples.read(chunk);
      // Kernels belong to a backend, and it may have been switched while the chunk was read.
      keepBackendRepaired();
      const section = (): Leaving[] =>
        tf.tidy(() => {
          const resolver = new ChunkResolver(this.model, this.services.gradientEngine, this.needs, {
            ...chunk,
            inputs,
            given: this.examples.given,
          });
          return this.consumers.flatMap((consumer) => {
            const given = this.turn(consumer, resolver);
            if (given === null) return [];
            taking.push(consumer);
            return [given];
          });
        });
      const { recorded } = this.services;
      const run = (): Leaving[] => this.metered(section);
      return [taking, recorded === undefined ? run() : recorded.run(run)];
    } finally {
      tf.dispose(inputs);
    }
  }

  /** One consumer's turn; null when it failed and the pass goes on without it. */
  private turn(consumer: Consumer, resolver: ChunkResolver): Leaving | null {
    try {
      const given = consumer.visit(resolver.resolve(consumer.requires), resolver);
      if (given === undefined) return NOTHING;
      // The clone is what may be disposed: a consumer may give an input, or one tensor under two names.
      return Object.fromEntries(Object.entries<tf.Tensor>(given).map(([name, tensor]) => [name, tf.clone(tensor)]));
    } catch (thrown) {
      const failure = this.failureOf(thrown);
      if (consumer.failed === undefined || this.model.threw(failure.error)) throw failure.error;
      consumer.failed(failure);
      this.consumers = this.consumers.filter((other) => other !== consumer);
      this.needs = needsOf(this.consumers.map(({ requires }) => requires));
      return null;
    }
  }

  private failureOf(thrown: unknown): TurnFailure {
    if (!(thrown instanceof ResourceFailure)) return { error: thrown, hook: 'visit', resource: null, wantedBy: [] };
    const { resource, error } = thrown;
    const wanting = this.consumers.filter(({ requires }) => reaches(requires, resource.key));
    const wantedBy = wanting.flatMap(({ name }) => name ?? []);
    return { error, hook: 'requires', resource: resource.name, wantedBy };
  }

  private metered(section: () => Leaving[]): Leaving[] {
    const { onFootprint } = this.services;
    if (!this.isFirst || onFootprint === undefined) return section();
    this.isFirst = false;
    const { result, footprint } = withMemoryMeter(section);
    onFootprint(footprint);
    return result;
  }
}

/** The same on the host; at once where there is nothing, as for most chunks of a checkpoint. */
function onHost(leaving: Leaving): Promise<Record<string, HostValue>> {
  const entries = Object.entries(leaving);
  return entries.length === 0 ? Promise.resolve({}) : read(entries);
}

async function read(leaving: readonly (readonly [string, tf.Tensor])[]): Promise<Record<string, HostValue>> {
  const values = leaving.map(async ([name, tensor]) => {
    const data = (await tensor.data()) as HostValue['data'];
    return [name, { data, shape: tensor.shape }] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}
