import { VogError } from '@vogjs/base';
import type { ScorableModel } from '../model/model.js';
import { checkMonitor } from '../monitor/check-monitor.js';
import type { Figures, Monitor, MonitorFailure } from '../monitor/monitor.js';
import type { Logger } from '../pass/logger.js';
import type { TrackerEmitter } from '../run/events.js';
import { failureOf } from '../plugin/attempt.js';
import { inject, injectable } from '../run/injection.js';
import type { TrackerOptions } from '../run/options.js';
import { TOKENS } from '../run/tokens.js';
import type { CheckpointInfo } from '../schedule/checkpoint-info.js';

/** Runs the monitors of a tracker. A failure is reported and ends that monitor; the others go on. */
@injectable()
export class Monitors {
  private readonly torn = new Set<string>();
  private last = new Map<string, Readonly<Record<string, number>>>();

  private readonly monitors: readonly Monitor[];

  constructor(
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.events) private readonly events: TrackerEmitter,
    @inject(TOKENS.logger) private readonly logger: Logger,
  ) {
    this.monitors = options.monitors ?? [];
  }

  /** The last figures, as `monitor_figure` in the order of the monitors; NaN for those that have none. */
  get latest(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.monitors.flatMap(({ name, figures }) =>
        figures.map((figure) => [
          `${name}_${figure}`.replaceAll(/[.-]/g, '_'),
          this.last.get(name)?.[figure] ?? Number.NaN,
        ]),
      ),
    );
  }

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
    for (const [name, figures] of values) this.last.set(name, figures);
    return { figures: Object.fromEntries(values), failures };
  }

  reset(): void {
    this.torn.clear();
    this.last.clear();
    for (const monitor of this.monitors) monitor.reset?.();
  }

  /** Called by the container. One that fails to let go keeps nobody else from it. */
  dispose(): void {
    for (const monitor of this.monitors) {
      try {
        monitor.dispose?.();
      } catch (error) {
        this.logger.warn(`VoG.js: monitor '${monitor.name}' failed in dispose: ${String(error)}`);
      }
    }
  }

  private async each<T>(
    hook: 'begin' | 'checkpoint',
    checkpoint: number | null,
    call: (monitor: Monitor) => T | Promise<T>,
  ): Promise<{ values: Map<string, Awaited<T>>; failures: MonitorFailure[] }> {
    const values = new Map<string, Awaited<T>>();
    const failures: MonitorFailure[] = [];
    for (const monitor of this.monitors) {
      if (this.torn.has(monitor.name)) continue;
      try {
        values.set(monitor.name, await call(monitor));
      } catch (cause) {
        // Numbers of an earlier checkpoint would pass for those of now.
        this.last.delete(monitor.name);
        this.torn.add(monitor.name);
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
    for (const { monitor } of failures) this.torn.delete(monitor);
    throw first.error;
  }
}

/**
 * Refuses what are no monitors with names of their own.
 *
 * @throws VogError MONITOR_INVALID
 */
export function checkMonitors(monitors: readonly Monitor[]): void {
  const names = new Set<string>();
  for (const monitor of monitors) {
    checkMonitor(monitor);
    if (names.has(monitor.name)) {
      throw new VogError('MONITOR_INVALID', `Two monitors are named '${monitor.name}'. Give one another name.`);
    }
    names.add(monitor.name);
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
