import { settleDevice } from '@vogjs/backend';
import { VogError } from '@vogjs/base';
import type { GradientEngine } from '../gradients/input-gradient.js';
import type { Metric, MetricState } from '../metrics/metric.js';
import { withClasses } from '../model/fit.js';
import type { BoundModel, ScorableModel } from '../model/model.js';
import type { Clock } from '../pass/clock.js';
import type { TurnFailure } from '../pass/consumer.js';
import { examplesOf } from '../pass/examples.js';
import { passOver } from '../pass/pass-over.js';
import { countNotFinite, type Signs, zeroGradients } from '../pass/vital-signs.js';
import type { Probe } from '../probe/probe.js';
import { gradientKey } from '../resources/gradient-key.js';
import { needsOf } from '../resources/needs.js';
import { ChunkGrid } from '../run/chunk-grid.js';
import type { TrackerEmitter } from '../run/events.js';
import { InitContexts } from '../run/init-contexts.js';
import { inject, injectable } from '../run/injection.js';
import { metricHooks } from '../run/metric-hooks.js';
import type { Elsewhere, TrackerOptions } from '../run/options.js';
import type { RunState } from '../run/run-state.js';
import type { StateStore } from '../run/state-store.js';
import { TOKENS } from '../run/tokens.js';
import type { CheckpointInfo } from '../schedule/checkpoint-info.js';
import { CheckpointConsumers, type CheckpointHooks, resourceError } from './checkpoint-consumers.js';
import { ModelBinding } from './model-binding.js';
import { TrackerPasses } from './tracker-passes.js';

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

/** One pass over the probe: every due metric's state of every chunk moves on by one checkpoint. */
@injectable()
export class CheckpointPass {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.gradientEngine) private readonly gradientEngine: GradientEngine,
    @inject(TOKENS.stateStore) private readonly store: StateStore,
    @inject(TOKENS.clock) private readonly clock: Clock,
    @inject(TOKENS.elsewhere) private readonly elsewhere: Elsewhere,
    @inject(TOKENS.events) private readonly events: TrackerEmitter,
    @inject(ChunkGrid) private readonly grid: ChunkGrid,
    @inject(InitContexts) private readonly contexts: InitContexts,
    @inject(ModelBinding) private readonly binding: ModelBinding,
    @inject(TrackerPasses) private readonly recorded: TrackerPasses,
  ) {}

  /**
   * Takes the states of all due metrics one checkpoint on, unless the model gives NaN or infinity for every example: then
   * no state has moved.
   */
  async take(model: ScorableModel, due: readonly Metric[], info: CheckpointInfo): Promise<Taken> {
    const { checkpoint } = info;
    const started = this.clock.now();
    const elapsed = (): number => this.clock.now() - started;
    this.events.emit('checkpointBegin', info);
    // What the device reports of training before this pass is not the pass's doing, but its weights are in doubt.
    await settleDevice(`before checkpoint ${checkpoint}`, checkpoint);
    const bound = withClasses(this.binding.bind(model, due).bound, this.run.classes);
    const hooks = this.hooks(info, elapsed);
    const taken = await this.pass(bound, new CheckpointConsumers(this.grid.chunks, due, hooks), info, elapsed);
    // A part of a probe is dead only where the whole is.
    if (!taken.skipped || !(await this.elsewhere.isAlive(model))) return taken;
    return this.pass(bound, new CheckpointConsumers(this.grid.chunks, due, hooks, true), info, elapsed);
  }

  private async pass(
    bound: BoundModel,
    consumers: CheckpointConsumers,
    info: CheckpointInfo,
    elapsed: () => number,
  ): Promise<Taken> {
    const { gradientEngine, recorded } = this;
    const { checkpoint } = info;
    try {
      await passOver(bound, examplesOf(this.probe, consumers.chunks()), consumers.list, { gradientEngine, recorded });
      const signs = await consumers.signs();
      await settleDevice(`in checkpoint ${checkpoint}`, checkpoint);
      if (!consumers.isAlive) return { elapsed, notFinite: this.probe.size, skipped: true, zeroGradients: [] };
      for (const { name } of consumers.working) this.run.increment(name, info.window);
      const notFinite = signs.reduce((sum, chunk) => sum + countNotFinite(chunk), 0);
      return { elapsed, notFinite, skipped: false, zeroGradients: withoutGradient(consumers.working, signs) };
    } catch (error) {
      // States of earlier chunks have moved on and those of later ones have not: no metric of this pass is whole.
      if (consumers.stored) this.tear(consumers.working, error, info);
      // Reading from a device that is lost fails too, in the backend's words: the device's own say more.
      if (!isOurs(error)) await settleDevice(`in checkpoint ${checkpoint}`, checkpoint);
      throw error;
    } finally {
      consumers.dispose();
    }
  }

  private hooks(info: CheckpointInfo, elapsed: () => number): CheckpointHooks {
    const { checkpoint, position, window: segment } = info;
    return {
      update: (metric, values, { index, size }) => {
        const checkpoints = this.run.count(metric.name, segment);
        const state =
          this.store.get({ metric: metric.name, segment, chunk: index }) ??
          metricHooks.init(metric, this.contexts.of(size), checkpoint);
        return metricHooks.update(metric, state, values, { checkpoints, position, size }, checkpoint);
      },
      store: ({ index }, states) => this.keep(states, segment, index),
      failed: (metric, failure) => this.quarantine(metric, failure, info),
      done: ({ start, size }) => {
        const [done, total] = [start + size, this.probe.size];
        this.events.emit('progress', { checkpoint, done, total, milliseconds: elapsed() });
      },
    };
  }

  private keep(states: ReadonlyMap<Metric, MetricState>, segment: string, chunk: number): void {
    // A listener, or anyone while the chunk was read, may have disposed the tracker: nothing is stored after that.
    if (this.run.disposed) throw new VogError('DISPOSED', 'The tracker was disposed during a checkpoint.');
    for (const [{ name: metric }, state] of states) this.store.set({ metric, segment, chunk }, state);
  }

  /** Tears a metric that failed and lets the others go on, where that was asked for. */
  private quarantine(metric: Metric, failure: TurnFailure, info: CheckpointInfo): void {
    const error = failure.hook === 'requires' ? resourceError(metric, info.checkpoint, failure) : failure.error;
    if (this.options.onError !== 'quarantine' || !(error instanceof VogError)) throw error;
    this.tear([metric], error, info);
    this.events.emit('metricError', { metric: metric.name, error });
  }

  private tear(metrics: Iterable<Metric>, cause: unknown, { checkpoint }: CheckpointInfo): void {
    for (const { name } of metrics) {
      this.run.torn.set(
        name,
        new VogError(
          'METRIC_TORN',
          `The state of metric '${name}' was left half-way through checkpoint ${checkpoint} by an error: ${cause instanceof Error ? cause.message : String(cause)} ` +
            'Its scores would be wrong; those of the other metrics stand, and save() keeps them. To have this one again, ' +
            'reset() the tracker, or load() an earlier save.',
          { plugin: { kind: 'metric', name }, checkpoint, cause },
        ),
      );
    }
  }
}

/** Whether an error says what is wrong in our words, and not in those of a backend, inside a resource or bare. */
function isOurs(error: unknown): boolean {
  return error instanceof VogError && (error.hook !== 'requires' || error.cause instanceof VogError);
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
