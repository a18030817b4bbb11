import { refuseUnknownKeys, VogError } from '@vogjs/base';
import type { Observable } from 'rxjs';
import type { ScorableModel } from '../model/adapter.js';
import type { Probe, ProbeExamples } from '../probe/probe.js';
import {
  type CheckpointAt,
  checkForward,
  checkOngoing,
  type Position,
  positionAt,
  type RunLength,
} from '../schedule/position.js';
import type { Scores } from '../scores/scores.js';
import { Checkpointing } from './checkpointing.js';
import type { ChunkChoice } from './chunk-choice.js';
import { type Chunk, cutChunks, estimateChunkSize } from './chunks.js';
import { TOKENS, trackerContainer } from './container.js';
import type { TrackerEmitter, TrackerEvents } from './events.js';
import type { ByteSink, ByteSource } from './files.js';
import { FollowedModel } from './followed-model.js';
import type { DependencyContainer } from './injection.js';
import { Monitors } from './monitor.js';
import type { TrackerOptions } from './options.js';
import type { Persistence } from './persistence.js';
import { type Plan, Planner } from './planner.js';
import { Preflight } from './preflight.js';
import { AcknowledgedQueue } from './queue.js';
import type { RunState } from './run-state.js';
import { metricNamed, Scoring, type ScoresOptions } from './scoring.js';
import type { StateStore } from './state-store.js';
import { checkAt, checkListener, checkRunLength } from './tracker-arguments.js';

/**
 * Scores a fixed probe set at the checkpoints of a training run.
 *
 * ```
 * begin       checks model, labels, logits and budget, before training
 * observe     asks the schedules; checkpoint() takes one unasked
 *   checkpoint  for each chunk, in one synchronous tidy:
 *                 resources, each once: logits ► probabilities ► loss …, input gradient
 *                 every due metric: state' = update(state, resources)
 * scores      compute(state), windows merged
 * ```
 */
export class Tracker {
  /** Checkpoints as they end; completes on dispose. */
  readonly checkpoints$: Observable<TrackerEvents['checkpointEnd'][0]>;
  /** Progress of the pass in hand, once per chunk; completes on dispose. */
  readonly progress$: Observable<TrackerEvents['progress'][0]>;
  private readonly queue = new AcknowledgedQueue();
  private readonly probe: Probe;
  private readonly run: RunState;
  private readonly store: StateStore;
  private readonly events: TrackerEmitter;
  private readonly planner: Planner;
  private readonly scoring: Scoring;
  private readonly container: DependencyContainer;
  private readonly preflight: Preflight;
  private readonly checkpointing: Checkpointing;
  private readonly followed: FollowedModel;
  private choice: ChunkChoice;
  private readonly monitors: Monitors;
  private chunks: readonly Chunk[];
  private begun = false;

  constructor(private readonly options: TrackerOptions) {
    const container = trackerContainer(options);
    this.probe = container.resolve(TOKENS.probe);
    this.run = container.resolve(TOKENS.run);
    this.store = container.resolve(TOKENS.stateStore);
    this.events = container.resolve(TOKENS.events);
    this.planner = container.resolve(Planner);
    this.scoring = container.resolve(Scoring);
    this.container = container;
    this.preflight = container.resolve(Preflight);
    this.preflight.checkOptions(options.metrics);
    this.monitors = new Monitors(options, this.events);
    this.followed = container.resolve(FollowedModel);
    this.checkpointing = container.resolve(Checkpointing).with(this.monitors);
    this.run.give(options.total ?? {});
    const estimate = estimateChunkSize(this.probe.inputShapes);
    this.choice =
      options.chunkSize === undefined
        ? { chunkSize: estimate, from: 'shapes', reason: 'from the shape of the input', workingBytes: null }
        : { chunkSize: options.chunkSize, from: 'option', reason: 'given as chunkSize', workingBytes: null };
    this.chunks = cutChunks(this.probe.size, this.choice.chunkSize);
    this.checkpoints$ = this.events.stream('checkpointEnd');
    this.progress$ = this.events.stream('progress');
  }

  /** Names of the metrics, in the order given. */
  get metrics(): readonly string[] {
    return this.options.metrics.map(({ name }) => name);
  }

  /** Figures of the monitors at the last checkpoint, as `monitor_figure`; NaN where there are none yet. */
  get figures(): Readonly<Record<string, number>> {
    return this.monitors.latest;
  }

  /** Number of checkpoints taken. */
  get checkpoints(): number {
    return this.run.checkpoints;
  }

  /** Where the last checkpoint was taken; null before the first. */
  get position(): Position | null {
    return this.run.last;
  }

  /** Where training stood when the tracker was told last, checkpoint or not; null before that. */
  get observed(): Position | null {
    return this.run.observed;
  }

  /** What is known of the run's length: what `total` said, and then what fit told. */
  get runLength(): RunLength {
    return this.run.length;
  }

  /** True once a checkpoint has diverged under `onDiverged: 'stop'`, until `reset()`: a loop of one's own should end. */
  get stopped(): boolean {
    return this.run.stopped;
  }

  /** Who is in the probe, in its order. Resolves when labels that were given as a tensor have been read. */
  examples(): Promise<ProbeExamples> {
    return this.enqueue(async () => {
      await this.probe.prepare();
      const { ids, labels, classNames } = this.probe;
      return { ids, labels, classNames };
    });
  }

  /**
   * Memory and passes of this run, exact for the number of windows that the known length of the run leaves. Before the
   * model is seen the chunk size is an estimate from the input's shape, unless it was given.
   */
  plan(): Plan {
    this.assertAlive();
    return this.planner.plan(this.options.metrics, this.chunks, this.choice);
  }

  /**
   * Checks everything that can be wrong before training: the model's logits and input shapes, labels against classes,
   * layers, schedules against the run's length, the memory budgets. Measures a few passes to choose the chunk size.
   * `fitCallback` calls it; so does the first checkpoint.
   *
   * @throws VogError with the code of what is wrong; MODEL_CHANGED for another model than the one that was scored
   */
  begin(model: ScorableModel, length: RunLength = {}): Promise<Plan> {
    return this.enqueue(() => {
      checkRunLength('begin', length);
      return this.start(model, length);
    });
  }

  /**
   * Takes a checkpoint now, of every metric, whatever the schedule. Resolves when all chunks are done.
   *
   * @throws VogError ARGUMENT_INVALID for a position before the last one; MODEL_CHANGED; RESULT_NOT_FINITE
   */
  checkpoint(model: ScorableModel, at: CheckpointAt): Promise<void> {
    return this.enqueue(async () => {
      checkAt(at);
      const position = this.positionOf(at);
      await this.meet(model);
      await this.checkpointing.take(model, this.chunks, position, this.options.metrics);
    });
  }

  /**
   * Tells where training stands; takes a checkpoint of the metrics whose schedule says so, and resolves to whether one
   * was taken. A metric does not score the same weights (no step since its last checkpoint) twice.
   *
   * @throws VogError ARGUMENT_INVALID for a position before the last one, a step in an epoch that has ended, or a
   *   schedule that gives no boolean; MODEL_CHANGED; RESULT_NOT_FINITE
   */
  observe(model: ScorableModel, at: CheckpointAt): Promise<boolean> {
    return this.enqueue(async () => {
      checkAt(at);
      const position = this.positionOf(at);
      checkOngoing(position, this.run.observed);
      await this.meet(model);
      const due = this.checkpointing.dueAt(position);
      this.run.observed = position;
      return due.length > 0 && (await this.checkpointing.take(model, this.chunks, position, due));
    });
  }

  /**
   * Scores of a metric: one value per probe example, with its direction.
   *
   * @param metric its name; may be left out when there is only one
   * @throws VogError METRIC_UNKNOWN, METRIC_TORN, METRIC_FAILED
   */
  scores(metric?: string, options: ScoresOptions = {}): Promise<Scores> {
    return this.enqueue(async () => {
      refuseUnknownKeys('scores', options, ['window', 'column']);
      await this.probe.prepare();
      return this.scoring.scores(metricNamed(this.options.metrics, metric), this.chunks, options);
    });
  }

  /**
   * All columns of a metric, by name and in the metric's order, from one reading of its state; a metric of one column
   * has it under its own name.
   *
   * @throws VogError METRIC_UNKNOWN, METRIC_TORN, METRIC_FAILED
   */
  columns(metric?: string, options: Pick<ScoresOptions, 'window'> = {}): Promise<Record<string, Scores>> {
    return this.enqueue(async () => {
      refuseUnknownKeys('columns', options, ['window']);
      await this.probe.prepare();
      return this.scoring.columns(metricNamed(this.options.metrics, metric), this.chunks, options);
    });
  }

  /** Subscribes to an event; the result unsubscribes. What the listener throws is logged and harms nothing. */
  on<E extends keyof TrackerEvents>(event: E, listener: (...payload: TrackerEvents[E]) => void): () => void {
    this.assertAlive();
    checkListener(event, listener);
    return this.events.on(event, listener);
  }

  /**
   * The whole state as the bytes of a safetensors file, which take as much memory again; `save` needs none of that.
   *
   * @throws VogError STATE_TOO_LARGE when it does not fit one array; METRIC_TORN
   */
  serialise(): Promise<Uint8Array> {
    return this.persist((persistence, chunkSize) => persistence.serialise(this.options.metrics, chunkSize));
  }

  /**
   * Writes the whole state, of any size, with at most 256 MiB of memory beside it: to a file, which is replaced
   * atomically and on the disk once this resolves, or to a sink.
   *
   * @throws VogError FILE_FAILED, DISK_FULL, METRIC_TORN, and what the sink throws
   */
  save(target: string | ByteSink): Promise<void> {
    return this.persist((persistence, chunkSize) => persistence.save(target, this.options.metrics, chunkSize));
  }

  /**
   * Continues from a saved state: a path, the bytes of `serialise()`, or a source of them. The tracker must have the
   * same probe, metrics and windows; it takes over the saved chunk size. When this rejects, the tracker is as it was.
   *
   * @throws VogError FILE_FAILED, FORMAT_TRUNCATED, FORMAT_INVALID, STATE_INVALID, STATE_VERSION, STATE_MISMATCH,
   *   PROBE_MISMATCH
   */
  load(saved: string | Uint8Array | ByteSource): Promise<void> {
    return this.persist(async (persistence) => {
      const { chunkSize } = await persistence.load(saved, this.options.metrics);
      this.choose({ chunkSize, from: 'saved state', reason: 'taken over from the saved state', workingBytes: null });
    });
  }

  /** Forgets every checkpoint and tear; keeps probe and metrics. Training never does this by itself. */
  reset(): Promise<void> {
    return this.enqueue(async () => {
      this.store.clear();
      this.run.clear();
      // The next model may be another one, and is checked like the first.
      this.begun = false;
      this.monitors.reset();
      this.events.emit('reset');
    });
  }

  /** Frees all states. Everything but a second dispose() is an error afterwards. */
  dispose(): void {
    if (this.run.disposed) return;
    this.run.disposed = true;
    this.queue.close();
    this.store.clear();
    this.monitors.dispose();
    this.events.emit('dispose');
    this.events.close();
  }

  private positionOf(at: CheckpointAt): Position {
    return checkForward(positionAt(at, this.run.length, this.run.observed), this.run.observed);
  }

  private async start(model: ScorableModel, length: RunLength): Promise<Plan> {
    this.followed.follow(model);
    this.run.lengthen(length);
    this.preflight.checkLength();
    // Once a state is kept, or was loaded, its chunks are what they are.
    const open = this.choice.from === 'shapes' && this.run.checkpoints === 0;
    const chosen = await this.preflight.checkModel(model, this.options.metrics, open);
    if (chosen !== null) this.choose(chosen);
    const plan = this.plan();
    this.planner.enforce(plan);
    await this.monitors.begin(model);
    this.begun = true;
    return plan;
  }

  /** Checks a model that has not been seen: the first, or each of several where that was asked for. */
  private async meet(model: ScorableModel): Promise<void> {
    if (this.begun) await this.followed.meet(model);
    else await this.start(model, {});
  }

  /** Its code is loaded when first used: a page that never saves need not download it. */
  private persist<T>(work: (persistence: Persistence, chunkSize: number) => Promise<T>): Promise<T> {
    return this.enqueue(async () => {
      await this.probe.prepare();
      const module = await import('./persistence.js');
      return work(this.container.resolve(module.Persistence), this.chunks[0]?.size ?? 1);
    });
  }

  private choose(choice: ChunkChoice): void {
    this.choice = choice;
    this.chunks = cutChunks(this.probe.size, choice.chunkSize);
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    if (this.run.disposed) return Promise.reject(this.gone());
    return this.queue.add(async () => {
      this.assertAlive();
      // What fails on states that dispose() freed meanwhile fails because of it.
      const result = await work().catch((error: unknown) => Promise.reject(this.run.disposed ? this.gone() : error));
      // Disposed in the meantime: whatever the work read or stored since then is not a state of this run.
      if (this.run.disposed) this.store.clear();
      this.assertAlive();
      return result;
    });
  }

  private assertAlive(): void {
    if (this.run.disposed) throw this.gone();
  }

  private gone(): VogError {
    return new VogError(
      'DISPOSED',
      'This tracker was disposed. Read scores and save before dispose(), or create a new tracker.',
    );
  }
}
