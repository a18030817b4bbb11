import * as tf from '@tensorflow/tfjs';
import { hasOwnCode, located, VogError } from '@vogjs/base';
import type { Metric, MetricState } from '../metrics/metric.js';
import type { Chunk } from '../pass/chunks.js';
import type { Consumer, PassChunk, TurnFailure } from '../pass/consumer.js';
import { countNotFinite, type Signs, vitalSigns } from '../pass/vital-signs.js';

/** What a checkpoint does beside its pass: reads and keeps states, counts and tells. */
export interface CheckpointHooks {
  /** The metric's next state for this chunk. */
  readonly update: (
    metric: Metric,
    values: Parameters<Consumer['visit']>[0],
    chunk: Pick<Chunk, 'index' | 'size'>,
  ) => MetricState;
  /** Keeps the next states of a chunk. */
  readonly store: (chunk: Pick<Chunk, 'index'>, states: ReadonlyMap<Metric, MetricState>) => void;
  /** A metric failed; throws what is to end the checkpoint. */
  readonly failed: (metric: Metric, failure: TurnFailure) => void;
  /** A chunk is done, and those before it. */
  readonly done: (chunk: Chunk) => void;
}

/** Vital signs of one chunk that are still on the device. */
interface DeviceSigns extends Omit<Signs, 'values'> {
  readonly tensor: tf.Tensor;
}

/**
 * The consumers of one checkpoint: every due metric's update, and then the one that stores what they gave. It holds back
 * what the first chunk gives until a few numbers of it have been read: where the model gives NaN or infinity for every
 * example, nothing is stored. Chunks that were lost in that way have a second turn once one was alive.
 */
export class CheckpointConsumers {
  /** Metrics that have not failed. */
  readonly working: Set<Metric>;
  /** Whether any state has moved on. */
  stored = false;
  private alive: boolean;
  private lost: Chunk[] = [];
  /** Next states of the chunk in hand, first within its tidy and then kept. */
  private readonly next = new Map<Metric, MetricState>();
  private readonly held = new Map<Metric, MetricState>();
  private heldGradients: readonly string[] = [];
  private readonly read: Signs[] = [];
  private readonly onDevice: DeviceSigns[] = [];

  constructor(
    private readonly all: readonly Chunk[],
    due: readonly Metric[],
    private readonly hooks: CheckpointHooks,
    /** True where it is known that the model gives a number for somebody: nothing is held back then. */
    isAlive = false,
  ) {
    this.alive = isAlive;
    this.working = new Set(due);
  }

  /** True once a chunk gave numbers; while it is not, no state has moved. */
  get isAlive(): boolean {
    return this.alive;
  }

  get list(): readonly Consumer[] {
    return [...[...this.working].map((metric) => this.updating(metric)), this.storing()];
  }

  /** The chunks of the pass: each once, and those that were lost again. */
  *chunks(): Generator<Chunk> {
    for (const chunk of this.all) {
      yield chunk;
      while (this.alive && this.lost.length > 0) yield this.lost.shift() as Chunk;
      this.hooks.done(chunk);
    }
  }

  /** Vital signs of all chunks: those that are still on the device are read at once. */
  async signs(): Promise<readonly Signs[]> {
    const { onDevice } = this;
    if (onDevice.length === 0) return this.read;
    const joined = tf.tidy(() => tf.concat(onDevice.map(({ tensor }) => tf.reshape(tensor, [-1]))));
    try {
      const values = (await joined.data()) as Float32Array;
      let at = 0;
      const others = onDevice.map(({ tensor, ...signs }) => ({
        ...signs,
        values: values.subarray(at, (at += tensor.size)),
      }));
      return [...this.read, ...others];
    } finally {
      joined.dispose();
    }
  }

  /** Frees what is held. */
  dispose(): void {
    this.dropHeld();
    tf.dispose(this.onDevice.map(({ tensor }) => tensor));
  }

  private updating(metric: Metric): Consumer {
    return {
      name: metric.name,
      requires: metric.requires,
      visit: (values, chunk) => void this.next.set(metric, this.hooks.update(metric, values, chunk)),
      failed: (failure) => {
        this.hooks.failed(metric, failure);
        this.working.delete(metric);
      },
    };
  }

  /** All next states first, then all are stored, so that an error leaves the old ones. */
  private storing(): Consumer {
    return {
      requires: {},
      visit: (_, chunk) => {
        const gradients = [...(chunk.taken?.gradients.keys() ?? [])];
        const sign = signOf(chunk);
        const { size } = chunk;
        if (this.alive) {
          this.store(chunk, this.next);
          if (sign !== null) this.onDevice.push({ tensor: tf.keep(sign), size, gradients });
        } else {
          // Clones: a metric may have returned the tensors of its present state.
          for (const [metric, state] of this.next) this.held.set(metric, kept(state));
          this.heldGradients = gradients;
        }
        this.next.clear();
        return this.alive || sign === null ? {} : { sign };
      },
      receive: ({ sign }, chunk) => {
        if (this.alive) return;
        try {
          if (sign !== undefined) {
            const signs = { values: sign.data, size: chunk.size, gradients: this.heldGradients };
            if (countNotFinite(signs) === chunk.size) return void this.lost.push(chunk);
            this.read.push(signs);
          }
          this.store(chunk, this.held);
          this.alive = true;
        } finally {
          this.dropHeld();
        }
      },
    };
  }

  private store(chunk: Pick<Chunk, 'index'>, states: ReadonlyMap<Metric, MetricState>): void {
    this.hooks.store(chunk, states);
    this.stored = true;
  }

  private dropHeld(): void {
    tf.dispose([...this.held.values()].flatMap((state) => Object.values(state)));
    this.held.clear();
  }
}

/** What a resource threw, as the failure of a metric that wanted it. */
export function resourceError(
  metric: Metric,
  checkpoint: number,
  { error, resource, wantedBy }: TurnFailure,
): VogError {
  const origin = { plugin: { kind: 'metric', name: metric.name }, hook: 'requires', checkpoint } as const;
  if (hasOwnCode(error)) return located(error, origin);
  const others = wantedBy.filter((name) => name !== metric.name).map((name) => `'${name}'`);
  const shared =
    others.length === 0 ? '' : ` (which ${others.join(' and ')} want${others.length === 1 ? 's' : ''} too)`;
  const message = error instanceof Error ? error.message : String(error);
  return new VogError(
    error instanceof VogError ? error.code : 'METRIC_FAILED',
    `Metric '${metric.name}' failed at checkpoint ${checkpoint}: its resource '${resource}'${shared} threw: ${message}`,
    { ...origin, cause: error },
  );
}

function signOf({ taken }: PassChunk): tf.Tensor2D | null {
  return taken === null ? null : vitalSigns(taken.logits, [...taken.gradients.values()]);
}

function kept(state: MetricState): MetricState {
  return Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
}
