import { VogError } from '@vogjs/base';
import { checkPluginName } from '../plugin/name.js';
import type { Monitor } from './monitor.js';

/**
 * Refuses what is no monitor.
 *
 * @throws VogError MONITOR_INVALID
 */
export function checkMonitor(monitor: Monitor): void {
  const refuse = (problem: string): never => {
    throw new VogError('MONITOR_INVALID', problem);
  };
  if (typeof monitor?.checkpoint !== 'function') {
    refuse(`monitors holds ${typeof monitor}, not a monitor: { name, figures, checkpoint(model, info) }.`);
  }
  const { name, figures } = monitor;
  checkPluginName('monitor', name, 'MONITOR_INVALID');
  if (!Array.isArray(figures) || figures.length === 0 || figures.some((figure) => typeof figure !== 'string')) {
    refuse(`Monitor '${name}' must name its figures: figures: ['auroc'].`);
  }
}
