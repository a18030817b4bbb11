import { VogError } from '@vogjs/base';
import { checkMonitor } from '../monitor/check-monitor.js';
import type { Monitor } from '../monitor/monitor.js';
import type { Logger } from '../pass/logger.js';
import { inject, injectable } from '../run/injection.js';
import type { TrackerOptions } from '../run/options.js';
import { TOKENS } from '../run/tokens.js';

/** The monitors of a tracker and what they found. `MonitorTurns` asks them, in code that is loaded when training begins. */
@injectable()
export class Monitors {
  /** Names of those that failed and are not asked again. */
  readonly torn = new Set<string>();
  /** The last figures, by monitor. */
  readonly last = new Map<string, Readonly<Record<string, number>>>();

  readonly monitors: readonly Monitor[];

  constructor(
    @inject(TOKENS.options) options: TrackerOptions,
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
