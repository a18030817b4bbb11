import type { VogError } from '@vogjs/base';
import type { Metric } from '../metrics/metric.js';
import type { Logger } from '../pass/logger.js';
import type { Probe } from '../probe/probe.js';
import type { TrackerEmitter } from '../run/events.js';
import { divergedError, divergedWarning } from '../run/findings.js';
import { inject, injectable } from '../run/injection.js';
import type { TrackerOptions } from '../run/options.js';
import type { RunState } from '../run/run-state.js';
import { TOKENS } from '../run/tokens.js';
import type { CheckpointInfo } from '../schedule/checkpoint-info.js';
import { checkForward, checkOngoing, type Position, positionAt } from '../schedule/position.js';
import { everyEpoch, isDue } from '../schedule/schedules.js';
import { segmentAt, segmentsOf } from '../schedule/segments.js';
import { CheckpointPass, type Taken } from './checkpoint-pass.js';
import { Monitors } from './monitors.js';
import type { Due, Observation, Placed } from './pipeline.js';
import { checkAt } from './tracker-arguments.js';

/** What the pipeline does with an observation: its place, what is due, and the checkpoint with its counts and events. */
@injectable()
export class Checkpointing {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.events) private readonly events: TrackerEmitter,
    @inject(TOKENS.logger) private readonly logger: Logger,
    @inject(CheckpointPass) private readonly pass: CheckpointPass,
    @inject(Monitors) private readonly monitors: Monitors,
  ) {}

  /** @throws VogError ARGUMENT_INVALID for a position before the last one, or a step in an epoch that has ended */
  place(observation: Observation): Placed {
    const { at, asked } = observation;
    checkAt(at);
    const { length, observed } = this.run;
    const position = checkForward(positionAt(at, length, observed), observed);
    if (!asked) checkOngoing(position, observed);
    return { ...observation, position };
  }

  /** What was asked for, or what the schedules say. */
  due(placed: Placed): Due {
    const { asked, position } = placed;
    const metrics = asked ? this.options.metrics : this.dueAt(position);
    if (!asked) this.run.observed = position;
    return { ...placed, metrics };
  }

  /** Resolves to whether the checkpoint counts. */
  async take({ model, position, metrics }: Due): Promise<boolean> {
    const working = metrics.filter(({ name }) => !this.run.torn.has(name));
    const segment = segmentAt(segmentsOf(this.options.windows ?? {}), position);
    const checkpoint = this.run.checkpoints;
    const info = { checkpoint, position, window: segment.name, metrics: working.map(({ name }) => name) };
    const taken = await this.pass.take(model, working, info);
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
    const { figures, failures } = await this.monitors.checkpoint(model, info);
    const { elapsed } = taken;
    this.events.emit('checkpointEnd', { ...info, examples: this.probe.size, milliseconds: elapsed(), figures });
    this.monitors.report(failures);
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
  private dueAt(position: Position): Metric[] {
    const shared = this.options.schedule ?? everyEpoch();
    const scored = ({ name }: Metric): boolean => position.step > 0 && this.run.scoredSteps[name] === position.step;
    return this.options.metrics.filter(
      (metric) => isDue(metric.schedule ?? shared, position, this.run.observed) && !scored(metric),
    );
  }
}
