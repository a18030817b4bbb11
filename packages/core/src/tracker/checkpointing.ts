import type { VogError } from '@vogjs/base';
import type { Logger } from '../pass/logger.js';
import type { Probe } from '../probe/probe.js';
import type { TrackerEmitter } from '../run/events.js';
import type { Findings } from '../run/findings.js';
import { divergedError, divergedWarning } from '../run/findings-in-words.js';
import { inject, injectable } from '../run/injection.js';
import type { TrackerOptions } from '../run/options.js';
import type { RunState } from '../run/run-state.js';
import { TOKENS } from '../run/tokens.js';
import type { CheckpointInfo } from '../schedule/checkpoint-info.js';
import { segmentAt, segmentsOf } from '../schedule/segments.js';
import { CheckpointPass, type Taken } from './checkpoint-pass.js';
import { MonitorTurns } from './monitor-turns.js';
import type { Due } from './pipeline.js';

/** Takes a checkpoint that is due, with its counts and events. */
@injectable()
export class Checkpointing {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.events) private readonly events: TrackerEmitter,
    @inject(TOKENS.logger) private readonly logger: Logger,
    @inject(CheckpointPass) private readonly pass: CheckpointPass,
    @inject(MonitorTurns) private readonly monitors: MonitorTurns,
  ) {}

  /** Resolves to whether the checkpoint counts. */
  async take({ model, position, metrics }: Due): Promise<boolean> {
    const working = metrics.filter(({ name }) => !this.run.torn.has(name));
    const segment = segmentAt(segmentsOf(this.options.windows ?? {}), position);
    const checkpoint = this.run.checkpoints;
    const { name: window, windows } = segment;
    const info = { checkpoint, position, window, windows, metrics: working.map(({ name }) => name) };
    const taken = await this.pass.take(model, working, info);
    const refused = taken.notFinite > 0 ? this.diverged(info, taken) : null;
    if (taken.skipped && refused !== null) throw refused;
    this.run.observed = position;
    for (const { name } of working) this.run.scoredSteps[name] = position.step;
    if (taken.skipped) return false;
    this.run.checkpoints = checkpoint + 1;
    this.run.last = position;
    if (segment.range.unit === 'fraction') this.run.filledFor ??= this.run.length.epochs ?? null;
    addZeroGradients(this.run.findings, taken.zeroGradients);
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
}

/** Notes that these metrics' gradients were all 0 at a checkpoint. */
function addZeroGradients({ zeroGradients }: Findings, metrics: readonly string[]): void {
  for (const metric of metrics) {
    const known = zeroGradients.find(([name]) => name === metric);
    if (known === undefined) zeroGradients.push([metric, 1]);
    else known[1] += 1;
  }
}
