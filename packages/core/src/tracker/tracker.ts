import { checkArgument, integer, record } from '@vogjs/base';
import type { Observable } from 'rxjs';
import type { ScorableModel } from '../model/model.js';
import type { ByteSink, ByteSource } from '@vogjs/formats/files';
import type { Persistence } from '../persistence/persistence.js';
import type { ProbeExamples } from '../probe/probe.js';
import type { TrackerEvents } from '../run/events.js';
import type { Findings } from '../run/findings.js';
import type { DependencyContainer } from '../run/injection.js';
import type { CheckpointAt, Position, RunLength } from '../schedule/position.js';
import type { Scores } from '../scores/scores.js';
import { type Services, servicesOf } from './container.js';
import type { Plan } from './planner.js';
import { restart } from './restart.js';
import type { ScoresOptions } from './scoring.js';
import { checkListener } from './tracker-arguments.js';

/**
 * Scores a fixed probe set at the checkpoints of a training run. Calls have their turns in their order: see `pipeline`.
 *
 * ```
 * begin       checks model, labels, logits and budget, before training
 * observe     asks the schedules; checkpoint() takes one whatever they say
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
  private readonly services: Services;

  constructor(private readonly scope: DependencyContainer) {
    this.services = servicesOf(scope);
    this.checkpoints$ = this.services.events.stream('checkpointEnd');
    this.progress$ = this.services.events.stream('progress');
  }

  /** Names of the metrics, in the order given. */
  get metrics(): readonly string[] {
    return this.services.options.metrics.map(({ name }) => name);
  }

  /** Figures of the monitors at the last checkpoint, as `monitor_figure`; NaN where there are none yet. */
  get figures(): Readonly<Record<string, number>> {
    return this.services.monitors.latest;
  }

  /** Number of checkpoints taken. */
  get checkpoints(): number {
    return this.services.run.checkpoints;
  }

  /** Where the last checkpoint was taken; null before the first. */
  get position(): Position | null {
    return this.services.run.last;
  }

  /** Where training stood when the tracker was told last, checkpoint or not; null before that. */
  get observed(): Position | null {
    return this.services.run.observed;
  }

  /** What went wrong at checkpoints so far: a copy. */
  get findings(): Findings {
    return structuredClone(this.services.run.findings);
  }

  /** What is known of the run's length: what `total` said, and then what fit told. */
  get runLength(): RunLength {
    return this.services.run.length;
  }

  /** True once a checkpoint has diverged under `onDiverged: 'stop'`, until `reset()`: a loop of one's own should end. */
  get stopped(): boolean {
    return this.services.run.stopped;
  }

  /** The examples of the probe, in its order. Resolves when labels that were given as a tensor have been read. */
  examples(): Promise<ProbeExamples> {
    return this.services.commands.run(() => this.services.probe.examples());
  }

  /**
   * Memory and passes of this run, exact for the windows that the known length of the run leaves. Before the model is
   * seen the chunk size is an estimate from the input's shape, unless it was given.
   */
  plan(): Plan {
    this.services.commands.assertAlive();
    return this.services.planner.plan();
  }

  /**
   * Checks everything that can be wrong before training: the model's logits and input shapes, labels against classes,
   * layers, schedules against the run's length, the memory budgets. Measures a few passes to choose the chunk size.
   * `fitCallback` calls it; so does the first checkpoint.
   *
   * @throws VogError with the code of what is wrong; MODEL_CHANGED for a model other than the one that was scored
   */
  begin(model: ScorableModel, length: RunLength = {}): Promise<Plan> {
    const { commands, later } = this.services;
    return commands.run(async () => (await later.training()).beginning.begin(model, length));
  }

  /**
   * Takes a checkpoint now, of every metric, whatever the schedule. Resolves when all chunks are done.
   *
   * @throws VogError ARGUMENT_INVALID for a position before the last one; MODEL_CHANGED; RESULT_NOT_FINITE
   */
  async checkpoint(model: ScorableModel, at: CheckpointAt): Promise<void> {
    await this.services.commands.observe({ model, at, asked: true });
  }

  /**
   * Tells where training stands; takes a checkpoint of the metrics whose schedule says so, and resolves to whether one
   * was taken. A metric does not score the same weights (no step since its last checkpoint) twice.
   *
   * @throws VogError ARGUMENT_INVALID for a position before the last one, a step in an epoch that has ended, or a
   *   schedule that gives no boolean; MODEL_CHANGED; RESULT_NOT_FINITE
   */
  observe(model: ScorableModel, at: CheckpointAt): Promise<boolean> {
    return this.services.commands.observe({ model, at, asked: false });
  }

  /**
   * Passes on what the training says of an epoch that has ended, such as `{ loss, val_loss }`, to listeners of
   * `epochEnd`; it changes no score. `fitCallback` calls it with the logs of fit.
   *
   * @param epoch index from 0
   * @throws VogError ARGUMENT_INVALID
   */
  epochEnd(epoch: number, logs: Readonly<Record<string, number>>): void {
    checkArgument('epochEnd', 'the epoch', epoch, integer(0));
    checkArgument('epochEnd', 'the logs', logs, record);
    this.services.events.emit('epochEnd', { epoch, logs });
  }

  /**
   * Scores of a metric: one value per probe example, with its direction.
   *
   * @param metric its name; may be left out when there is only one
   * @throws VogError METRIC_UNKNOWN, METRIC_TORN, METRIC_FAILED
   */
  scores(metric?: string, options: ScoresOptions = {}): Promise<Scores> {
    return this.services.commands.run(async () =>
      (await this.services.later.training()).scoring.scores(metric, options),
    );
  }

  /**
   * All columns of a metric, by name and in the metric's order, from one reading of its state; a metric of one column
   * has it under its own name.
   *
   * @throws VogError METRIC_UNKNOWN, METRIC_TORN, METRIC_FAILED
   */
  columns(metric?: string, options: Pick<ScoresOptions, 'window'> = {}): Promise<Record<string, Scores>> {
    return this.services.commands.run(async () =>
      (await this.services.later.training()).scoring.columns(metric, options),
    );
  }

  /** Subscribes to an event; the result unsubscribes. What the listener throws is logged and harms nothing. */
  on<E extends keyof TrackerEvents>(event: E, listener: (...payload: TrackerEvents[E]) => void): () => void {
    this.services.commands.assertAlive();
    checkListener(event, listener);
    return this.services.events.listen(event, listener, this.services.logger);
  }

  /**
   * The whole state as the bytes of a safetensors file, which take as much memory again; `save` needs none of that.
   *
   * @throws VogError STATE_TOO_LARGE when it does not fit one array; METRIC_TORN
   */
  serialise(): Promise<Uint8Array> {
    return this.persist((persistence) => persistence.serialise());
  }

  /**
   * Writes the whole state, of any size, with at most 256 MiB of memory beside it: to a file, which is replaced
   * atomically and on the disk once this resolves, or to a sink.
   *
   * @throws VogError FILE_FAILED, DISK_FULL, METRIC_TORN, and what the sink throws
   */
  save(target: string | ByteSink): Promise<void> {
    return this.persist((persistence) => persistence.save(target));
  }

  /**
   * Continues from a saved state: a path, the bytes of `serialise()`, or a source of them. The tracker must have the
   * same probe, metrics and windows; it takes over the saved chunk size. When this rejects, the tracker is as it was.
   *
   * @throws VogError FILE_FAILED, PROBE_MISMATCH, and codes that begin with FORMAT_ or STATE_
   */
  load(saved: string | Uint8Array | ByteSource): Promise<void> {
    return this.persist((persistence) => persistence.load(saved));
  }

  /** Forgets every checkpoint and tear; keeps probe and metrics. Training never does this by itself. */
  reset(): Promise<void> {
    return this.services.commands.run(async () => restart(this.services));
  }

  /** Frees all states. Everything but a second dispose() is an error afterwards. */
  dispose(): void {
    if (this.services.run.disposed) return;
    this.services.run.disposed = true;
    void this.scope.dispose();
    this.services.events.close();
  }

  private persist<T>(work: (persistence: Persistence) => Promise<T>): Promise<T> {
    const { commands, later, probe } = this.services;
    return commands.run(() => probe.prepare().then(later.persistence).then(work));
  }
}
