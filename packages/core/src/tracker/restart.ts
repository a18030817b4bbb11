import type { Services } from './container.js';

/** Forgets every checkpoint and tear; what is told of it comes last. */
export function restart({ store, run, monitors, events }: Services): void {
  store.clear();
  run.restart();
  monitors.reset();
  events.emit('reset');
}
