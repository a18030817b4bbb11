import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { settleDevice, keepBackendRepaired } from '@vogjs/backend';
import { inject, injectable } from './injection.js';
import type { GradientEngine } from '../gradients/input-gradient.js';
import type { InitContext, Metric, MetricState } from '../metrics/metric.js';
import type { BoundModel, ModelAdapter, ScorableModel } from '../model/adapter.js';
import { checkInputShapes, withClasses } from '../model/fit.js';
import type { Probe } from '../probe/probe.js';
import { gradientKey } from '../resources/gradient-key.js';
import { ChunkResolver, type Needs, needsOf } from '../resources/resolver.js';
import type { CheckpointInfo, TrackerEmitter } from './events.js';
import type { Chunk } from './chunks.js';
import { type Clock, yieldToHost } from './clock.js';
import { TOKENS } from './container.js';
import { metricHooks } from './metric-hooks.js';
import type { TrackerOptions } from './options.js';
import type { RunState } from './run-state.js';
import type { StateStore } from './state-store.js';
import { countNotFinite, type Signs, vitalSigns, zeroGradients } from './vital-signs.js';

/** What a pass has come to. */
export interface Taken {
  /** Milliseconds since it began. */
  readonly elapsed: () => number;
  /** Examples for which logits or gradients were NaN or infinite. */
  readonly notFinite: number;
  /** True when that was every example: no state has moved. */
  readonly skipped: boolean;
  /** Metrics that asked for input gradients, all of which were exactly 0 for every example. */
  readonly zeroGradients: readonly string[];
}

/** Vital signs of one chunk, on the device. */
interface DeviceSigns {
  readonly tensor: tf.Tensor2D;
  readonly size: number;
  readonly gradients: readonly string[];
}

interface Step {
  readonly sign: DeviceSigns | null;
  readonly held: ReadonlyMap<Metric, MetricState>;
}

/** A pass in hand. */
interface Pass {
  readonly bound: BoundModel;
  readonly needs: Needs;
  readonly working: Set<Metric>;
  readonly info: CheckpointInfo;
  readonly signs: DeviceSigns[];
  /** Whether any state has moved on. */
  stored: boolean;
}

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

  /**
   * Binds the model anew: its layers may have changed since the last checkpoint, or it may be another one.
   *
   * @throws VogError INPUT_SHAPE when it does not take the probe's inputs
   */
  bind(model: ScorableModel, metrics: readonly Metric[]): { bound: BoundModel; needs: Needs } {
    const needs = needsOf(metrics.map((metric) => metric.requires));
    const question = { task: this.options.task, labels: this.probe.given };
    const bound = this.adapter.bind(model, this.options.logits ?? {}, needs.features, question);
    checkInputShapes(this.probe.inputShapes, bound);
    this.learnTask(bound);
    return { bound, needs };
  }

  /** Keeps what a model tells of its task, at once or after a forward pass, and reads the labels by it. */
  learnTask({ task }: BoundModel): void {
    if (task === null || task === undefined) return;
    this.run.task = task;
    this.probe.settle(task);
  }

  /**
   * Takes the states of all due metrics one checkpoint on, unless the model gives NaN or infinity for every example: then
   * no state has moved. To know this in time, what the first chunk gives is held back until a few numbers of it have been
   * read; what the other chunks give is read once, at the end.
   */
  async take(
    model: ScorableModel,
    chunks: readonly Chunk[],
    due: readonly Metric[],
    info: CheckpointInfo,
  ): Promise<Taken> {
    const started = this.clock.now();
    const elapsed = (): number => this.clock.now() - started;
    this.events.emit('checkpointBegin', info);
    // What the device reports of training before this pass is not the pass's doing, but its weights are in doubt.
    await settleDevice(`before checkpoint ${info.checkpoint}`, info.checkpoint);
    const { bound: anyClasses, needs } = this.bind(model, due);
    const bound = withClasses(anyClasses, this.run.classes);
    const pass: Pass = { bound, needs, working: new Set(due), info, stored: false, signs: [] };
    try {
      let alive = false;
      const lost: Chunk[] = [];
      for (const chunk of chunks) {
        if (alive) await this.advance(pass, chunk);
        else if (await this.advanceUnlessLost(pass, chunk)) {
          alive = true;
          for (const earlier of lost) await this.advance(pass, earlier);
        } else lost.push(chunk);
        const [done, total] = [chunk.start + chunk.size, this.probe.size];
        this.events.emit('progress', { checkpoint: info.checkpoint, done, total, milliseconds: elapsed() });
        await yieldToHost();
      }
      if (!alive) {
        await settleDevice(`in checkpoint ${info.checkpoint}`, info.checkpoint);
        return { elapsed, notFinite: this.probe.size, skipped: true, zeroGradients: [] };
      }
      const signs = await this.readSigns(pass);
      await settleDevice(`in checkpoint ${info.checkpoint}`, info.checkpoint);
      for (const metric of pass.working) this.run.increment(metric.name, info.window);
      const notFinite = signs.reduce((sum, chunk) => sum + countNotFinite(chunk), 0);
      return { elapsed, notFinite, skipped: false, zeroGradients: withoutGradient(pass.working, signs) };
    } catch (error) {
      // States of earlier chunks have moved on and those of later ones have not: no metric of this pass is whole.
      if (pass.stored) this.tear(pass.working, error, info);
      // Reading from a device that is lost fails too, in the backend's words: the device's own say more.
      if (!(error instanceof VogError)) await settleDevice(`in checkpoint ${info.checkpoint}`, info.checkpoint);
      throw error;
    } finally {
      tf.dispose(pass.signs.map(({ tensor }) => tensor));
    }
  }

  /** One chunk; its next states are stored. */
  private async advance(pass: Pass, chunk: Chunk): Promise<void> {
    await this.withInputs(chunk, (inputs) => {
      const { sign } = this.step(pass, chunk, inputs, true);
      if (sign !== null) pass.signs.push(sign);
    });
  }

  /** The same, but where every example gives NaN or infinity nothing is stored; tells whether it was. */
  private async advanceUnlessLost(pass: Pass, chunk: Chunk): Promise<boolean> {
    const { sign, held } = await this.withInputs(chunk, (inputs) => this.step(pass, chunk, inputs, false));
    try {
      if (sign !== null) {
        pass.signs.push(sign);
        const values = await sign.tensor.data();
        if (countNotFinite({ ...sign, values }) === chunk.size) {
          pass.signs.pop();
          sign.tensor.dispose();
          return false;
        }
      }
      this.commit(pass, chunk, held);
      return true;
    } finally {
      tf.dispose([...held.values()].flatMap((state) => Object.values(state)));
    }
  }

  private async withInputs<T>(chunk: Chunk, use: (inputs: tf.Tensor[]) => T): Promise<T> {
    let inputs: tf.Tensor[] = [];
    try {
      inputs = await this.probe.read(chunk.start, chunk.start + chunk.size);
      return use(inputs);
    } finally {
      tf.dispose(inputs);
    }
  }

  /**
   * One chunk, in one synchronous tidy: all next states first, then all are stored, so that an error leaves the old ones.
   * Without `store` they are given instead, the caller's to dispose.
   */
  private step(pass: Pass, chunk: Chunk, inputs: tf.Tensor[], store: boolean): Step {
    const { bound, needs, working, info } = pass;
    const { start, size } = chunk;
    const held = new Map<Metric, MetricState>();
    // Kernels belong to a backend, and it may have been switched since the last chunk.
    keepBackendRepaired();
    const gradients: string[] = [];
    const [tensor] = tf.tidy((): tf.Tensor2D[] => {
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
      const { taken } = resolver;
      const signs = taken === null ? [] : [vitalSigns(taken.logits, [...taken.gradients.values()])];
      gradients.push(...(taken?.gradients.keys() ?? []));
      if (store) this.commit(pass, chunk, next);
      // Clones: a metric may have returned the tensors of its present state.
      else for (const [metric, state] of next) held.set(metric, kept(state));
      return signs;
    });
    return { held, sign: tensor === undefined ? null : { tensor, size, gradients } };
  }

  private commit(pass: Pass, chunk: Chunk, next: ReadonlyMap<Metric, MetricState>): void {
    // A listener, or anyone while the chunk was read, may have disposed the tracker: nothing is stored after that.
    if (this.run.disposed) throw new VogError('DISPOSED', 'The tracker was disposed during a checkpoint.');
    for (const [metric, state] of next)
      this.store.set({ metric: metric.name, segment: pass.info.window, chunk: chunk.index }, state);
    pass.stored = true;
  }

  private async readSigns({ signs }: Pass): Promise<Signs[]> {
    if (signs.length === 0) return [];
    const joined = tf.tidy(() => tf.concat(signs.map(({ tensor }) => tf.reshape(tensor, [-1]))));
    try {
      const all = (await joined.data()) as Float32Array;
      let at = 0;
      return signs.map(({ tensor, size, gradients }) => {
        const values = all.subarray(at, (at += tensor.size));
        return { values, size, gradients };
      });
    } finally {
      joined.dispose();
    }
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
          { plugin: { kind: 'metric', name }, checkpoint, cause },
        ),
      );
    }
  }
}

function kept(state: MetricState): MetricState {
  return Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
}

function withoutGradient(metrics: Iterable<Metric>, signs: readonly Signs[]): string[] {
  const zero = signs.map((chunk) => new Set(zeroGradients(chunk)));
  return [...metrics]
    .filter(({ requires }) => {
      const keys = [...needsOf([requires]).gradients.values()].map(gradientKey);
      return keys.length > 0 && keys.every((key) => zero.every((chunk) => chunk.has(key)));
    })
    .map(({ name }) => name);
}
