import type { VogError } from '@vogjs/base';
import type { Metric } from '../metrics/metric.js';
import type { ScorableModel } from '../model/adapter.js';
import type { Probe } from '../probe/probe.js';
import type { Position } from '../schedule/position.js';
import { everyEpoch, isDue } from '../schedule/schedules.js';
import { segmentAt, segmentsOf } from '../schedule/segments.js';
import { CheckpointPass, type Taken } from './checkpoint-pass.js';
import type { Chunk } from './chunks.js';
import { TOKENS } from './container.js';
import type { CheckpointInfo, TrackerEmitter } from './events.js';
import { divergedError, divergedWarning } from './findings.js';
import { inject, injectable } from './injection.js';
import type { Logger } from './logger.js';
import type { Monitors } from './monitor.js';
import type { TrackerOptions } from './options.js';
import type { RunState } from './run-state.js';

/** Decides which metrics are due, has the pass made, and counts it or says why it does not count. */
@injectable()
export class Checkpointing {
  private monitors: Monitors | undefined;

  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(CheckpointPass) private readonly pass: CheckpointPass,
    @inject(TOKENS.events) private readonly events: TrackerEmitter,
    @inject(TOKENS.logger) private readonly logger: Logger,
  ) {}

  /** The monitors that look at each checkpoint that counts. */
  with(monitors: Monitors): this {
    this.monitors = monitors;
    return this;
  }

  /** Resolves to whether the checkpoint counts. */
  async take(
    model: ScorableModel,
    chunks: readonly Chunk[],
    position: Position,
    due: readonly Metric[],
  ): Promise<boolean> {
    const working = due.filter(({ name }) => !this.run.torn.has(name));
    const segment = segmentAt(segmentsOf(this.options.windows ?? {}), position);
    const checkpoint = this.run.checkpoints;
    const info = { checkpoint, position, window: segment.name, metrics: working.map(({ name }) => name) };
    const taken = await this.pass.take(model, chunks, working, info);
    const refused = taken.notFinite > 0 ? this.diverged(info, taken) : null;
    if (taken.skipped && refused !== null) throw refused;
    this.run.observed = position;
    for (const { name } of working) this.run.scoredSteps[name] = position.step;
    if (taken.skipped) return false;
    this.run.checkpoints = checkpoint + 1;
    this.run.last = position;
    if (segment.range.unit === 'fraction') this.run.filledFor ??= this.run.length.epochs ?? null;
    this.run.foundZeroGradients(taken.zeroGradients);
    // The metrics' checkpoint is whole and counted: a monitor that fails takes nothing back.
    const { figures, failures } = (await this.monitors?.checkpoint(model, info)) ?? { figures: {}, failures: [] };
    const { elapsed } = taken;
    this.events.emit('checkpointEnd', { ...info, examples: this.probe.size, milliseconds: elapsed(), figures });
    this.monitors?.report(failures);
    if (refused !== null) throw refused;
    return true;
  }

  /** Says that the model gave NaN or infinity; gives the error when that is to be one. */
  private diverged(info: CheckpointInfo, { notFinite, skipped }: Taken): VogError | null {
    const { onDiverged = 'skip' } = this.options;
    const { position, metrics, window, checkpoint } = info;
    const found = { position, metrics, window, examples: notFinite, total: this.probe.size, skipped };
    const refuse = onDiverged === 'refuse';
    const { findings } = this.run;
    if (!refuse && findings.notFinite.length === 0) this.logger.warn(divergedWarning(found));
    // A checkpoint that is refused leaves no trace.
    if (!(refuse && skipped)) findings.notFinite.push(found);
    if (onDiverged === 'stop') this.run.stopped = true;
    this.events.emit('diverged', { ...info, examples: notFinite, total: this.probe.size, skipped });
    return refuse ? divergedError(found, checkpoint) : null;
  }

  /** Metrics whose schedule says so, but for those that have scored these weights. */
  dueAt(position: Position): Metric[] {
    const shared = this.options.schedule ?? everyEpoch();
    const scored = ({ name }: Metric): boolean => position.step > 0 && this.run.scoredSteps[name] === position.step;
    return this.options.metrics.filter(
      (metric) => isDue(metric.schedule ?? shared, position, this.run.observed) && !scored(metric),
    );
  }
}
