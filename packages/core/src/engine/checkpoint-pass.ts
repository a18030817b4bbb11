import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { settleDevice } from '../backends/device-errors.js';
import { inject, injectable } from './injection.js';
import type { GradientEngine } from '../gradients/input-gradient.js';
import type { InitContext, Metric, MetricState } from '../metrics/metric.js';
import type { BoundModel, ModelAdapter, ScorableModel } from '../model/adapter.js';
import type { Probe } from '../probe/probe.js';
import { ChunkResolver, type Needs, needsOf } from '../resources/resolver.js';
import type { CheckpointInfo, TrackerEmitter } from './events.js';
import type { Chunk } from './chunks.js';
import { type Clock, yieldToHost } from './clock.js';
import { TOKENS } from './container.js';
import { metricHooks } from './metric-hooks.js';
import type { TrackerOptions } from './options.js';
import type { RunState } from './run-state.js';
import type { StateStore } from './state-store.js';

/** One pass over the probe: every due metric's state of every chunk moves on by one checkpoint. */
@injectable()
export class CheckpointPass {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.modelAdapter) private readonly adapter: ModelAdapter,
    @inject(TOKENS.gradientEngine) private readonly engine: GradientEngine,
    @inject(TOKENS.stateStore) private readonly store: StateStore,
    @inject(TOKENS.clock) private readonly clock: Clock,
    @inject(TOKENS.events) private readonly events: TrackerEmitter,
  ) {}

  /** Binds the model anew: its layers may have changed since the last checkpoint. */
  bind(model: ScorableModel, metrics: readonly Metric[]): { bound: BoundModel; needs: Needs } {
    const needs = needsOf(metrics.map((metric) => metric.requires));
    const question = { task: this.options.task, labels: this.probe.given };
    const bound = this.adapter.bind(model, this.options.logits ?? {}, needs.features, question);
    this.learnTask(bound);
    return { bound, needs };
  }

  /** Keeps what a model tells of its task, at once or after a forward pass, and reads the labels by it. */
  learnTask({ task }: BoundModel): void {
    if (task === null || task === undefined) return;
    this.run.task = task;
    this.probe.settle(task);
  }

  /** Gives the milliseconds since it began. */
  async take(
    model: ScorableModel,
    chunks: readonly Chunk[],
    due: readonly Metric[],
    info: CheckpointInfo,
  ): Promise<{ readonly elapsed: () => number }> {
    const started = this.clock.now();
    this.events.emit('checkpointBegin', info);
    // What the device reports of training before this pass is not the pass's doing, but its weights are in doubt.
    await settleDevice(`before checkpoint ${info.checkpoint}`, info.checkpoint);
    const { bound, needs } = this.bind(model, due);
    const working = new Set(due);
    for (const chunk of chunks) {
      let inputs: tf.Tensor[] = [];
      try {
        inputs = await this.probe.read(chunk.start, chunk.start + chunk.size);
        this.advance(bound, needs, chunk, inputs, working, info);
      } catch (error) {
        // States of earlier chunks have moved on and those of later ones have not: no metric of this pass is whole.
        if (chunk.index > 0) this.tear(working, error, info);
        throw error;
      } finally {
        tf.dispose(inputs);
      }
      const milliseconds = this.clock.now() - started;
      this.events.emit('progress', {
        checkpoint: info.checkpoint,
        done: chunk.start + chunk.size,
        total: this.probe.size,
        milliseconds,
      });
      await yieldToHost();
    }
    try {
      await settleDevice(`in checkpoint ${info.checkpoint}`, info.checkpoint);
    } catch (error) {
      this.tear(working, error, info);
      throw error;
    }
    for (const metric of working) this.run.increment(metric.name, info.window);
    return { elapsed: () => this.clock.now() - started };
  }

  /** One chunk, in one synchronous tidy: all next states first, then all are committed, so that an error leaves the old ones. */
  private advance(
    bound: BoundModel,
    needs: Needs,
    chunk: Chunk,
    inputs: tf.Tensor[],
    working: Set<Metric>,
    info: CheckpointInfo,
  ): void {
    tf.tidy(() => {
      const { start, size } = chunk;
      const labels = this.probe.labels?.subarray(start, start + size) ?? null;
      const rows = this.probe.rows(start, start + size);
      const resolver = new ChunkResolver(bound, this.engine, needs, { inputs, labels, rows, start, size });
      const next = new Map<Metric, MetricState>();
      for (const metric of working) {
        const resources = resolver.resolve(metric.requires);
        try {
          next.set(metric, this.updated(metric, chunk, resources, info));
        } catch (error) {
          if (this.options.onError !== 'quarantine' || !(error instanceof VogError)) throw error;
          working.delete(metric);
          this.tear([metric], error, info);
          this.events.emit('metricError', { metric: metric.name, error });
        }
      }
      // A listener, or anyone while the chunk was read, may have disposed the tracker: nothing is stored after that.
      if (this.run.disposed) throw new VogError('DISPOSED', 'The tracker was disposed during a checkpoint.');
      for (const [metric, state] of next)
        this.store.set({ metric: metric.name, segment: info.window, chunk: chunk.index }, state);
    });
  }

  private updated(
    metric: Metric,
    chunk: Chunk,
    resources: ReturnType<ChunkResolver['resolve']>,
    info: CheckpointInfo,
  ): MetricState {
    const key = { metric: metric.name, segment: info.window, chunk: chunk.index };
    const checkpoints = this.run.count(metric.name, info.window);
    const state = this.store.get(key) ?? metricHooks.init(metric, this.initContext(chunk), info.checkpoint);
    const context = { checkpoints, position: info.position, size: chunk.size };
    return metricHooks.update(metric, state, resources, context, info.checkpoint);
  }

  /** What `init` is told of a chunk. */
  initContext({ size }: Pick<Chunk, 'size'>): InitContext {
    const { inputShapes } = this.probe;
    const classes = this.run.classes ?? this.options.classes ?? this.probe.classes;
    return {
      size,
      inputShape: inputShapes[0] ?? [],
      inputShapes,
      get classes() {
        if (classes !== null) return classes;
        throw new VogError(
          'ARGUMENT_INVALID',
          'The number of classes is not known before the model is seen. Pass classes or classNames to createTracker, ' +
            'or one-hot labels, or ask after begin(model).',
        );
      },
    };
  }

  private tear(metrics: Iterable<Metric>, cause: unknown, { checkpoint }: CheckpointInfo): void {
    for (const { name } of metrics) {
      this.run.torn.set(
        name,
        new VogError(
          'METRIC_TORN',
          `The state of metric '${name}' was left half-way through checkpoint ${checkpoint} by an error: ${cause instanceof Error ? cause.message : String(cause)} ` +
            'Its scores would be wrong. reset() the tracker, or load() an earlier save.',
          { metric: name, checkpoint, cause },
        ),
      );
    }
  }
}
