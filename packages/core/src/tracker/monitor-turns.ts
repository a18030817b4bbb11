import type { VogError } from '@vogjs/base';
import type { ScorableModel } from '../model/model.js';
import type { Figures, Monitor, MonitorFailure } from '../monitor/monitor.js';
import { failureOf } from '../plugin/attempt.js';
import type { TrackerEmitter } from '../run/events.js';
import { inject, injectable } from '../run/injection.js';
import type { TrackerOptions } from '../run/options.js';
import { TOKENS } from '../run/tokens.js';
import type { CheckpointInfo } from '../schedule/checkpoint-info.js';
import { Monitors } from './monitors.js';

/** Gives the monitors of a tracker their turns. A failure is reported and ends that monitor; the others go on. */
@injectable()
export class MonitorTurns {
  constructor(
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.events) private readonly events: TrackerEmitter,
    @inject(Monitors) private readonly monitors: Monitors,
  ) {}

  async begin(model: ScorableModel): Promise<void> {
    const { failures } = await this.each('begin', null, (monitor) => monitor.begin?.(model));
    this.report(failures);
  }

  async checkpoint(
    model: ScorableModel,
    info: CheckpointInfo,
  ): Promise<{ figures: Figures; failures: MonitorFailure[] }> {
    const { values, failures } = await this.each('checkpoint', info.checkpoint, async (monitor) =>
      checkedFigures(monitor, await monitor.checkpoint(model, info)),
    );
    for (const [name, figures] of values) this.monitors.last.set(name, figures);
    return { figures: Object.fromEntries(values), failures };
  }

  private async each<T>(
    hook: 'begin' | 'checkpoint',
    checkpoint: number | null,
    call: (monitor: Monitor) => T | Promise<T>,
  ): Promise<{ values: Map<string, Awaited<T>>; failures: MonitorFailure[] }> {
    const values = new Map<string, Awaited<T>>();
    const failures: MonitorFailure[] = [];
    for (const monitor of this.monitors.monitors) {
      if (this.monitors.torn.has(monitor.name)) continue;
      try {
        values.set(monitor.name, await call(monitor));
      } catch (cause) {
        // Numbers of an earlier checkpoint would pass for those of now.
        this.monitors.last.delete(monitor.name);
        this.monitors.torn.add(monitor.name);
        failures.push({ monitor: monitor.name, error: failure(monitor.name, hook, checkpoint, cause) });
      }
    }
    return { values, failures };
  }

  /** What failures do: the first is thrown, or each is told as an event under quarantine. */
  report(failures: readonly MonitorFailure[]): void {
    const [first] = failures;
    if (first === undefined) return;
    if (this.options.onError === 'quarantine') {
      for (const failure of failures) this.events.emit('monitorError', failure);
      return;
    }
    // Whoever catches the error may go on, and asks them again.
    for (const { monitor } of failures) this.monitors.torn.delete(monitor);
    throw first.error;
  }
}

function checkedFigures(monitor: Monitor, figures: unknown): Readonly<Record<string, number>> {
  const given = typeof figures === 'object' && figures !== null ? (figures as Record<string, unknown>) : {};
  const wrong = monitor.figures.find((name) => typeof given[name] !== 'number');
  if (wrong !== undefined) throw new Error(`it gave ${typeof given[wrong]} for its figure '${wrong}', not a number.`);
  const undeclared = Object.keys(given).find((name) => !monitor.figures.includes(name));
  if (undeclared !== undefined) throw new Error(`it gave a figure '${undeclared}' that its figures do not name.`);
  return given as Record<string, number>;
}

function failure(name: string, hook: string, checkpoint: number | null, cause: unknown): VogError {
  const plugin = { kind: 'monitor', name } as const;
  const when = checkpoint === null ? 'before training' : `at checkpoint ${checkpoint}`;
  return failureOf({ plugin, hook, checkpoint: checkpoint ?? undefined, code: 'MONITOR_FAILED', when }, cause);
}
