import type { GradientEngine } from '../gradients/input-gradient.js';
import type { ModelAdapter } from '../model/model.js';
import type { Clock } from '../pass/clock.js';
import type { Logger } from '../pass/logger.js';
import type { Probe } from '../probe/probe.js';
import type { TrackerEmitter } from './events.js';
import type { InjectionToken } from './injection.js';
import type { Elsewhere, TrackerOptions } from './options.js';
import type { RunState } from './run-state.js';
import type { StateStore } from './state-store.js';

const token = <T>(name: string): InjectionToken<T> => Symbol(`vogjs.${name}`);

/** What the services of one tracker ask for. */
export const TOKENS = {
  options: token<TrackerOptions>('options'),
  probe: token<Probe>('probe'),
  run: token<RunState>('run'),
  events: token<TrackerEmitter>('events'),
  modelAdapter: token<ModelAdapter>('modelAdapter'),
  gradientEngine: token<GradientEngine>('gradientEngine'),
  stateStore: token<StateStore>('stateStore'),
  elsewhere: token<Elsewhere>('elsewhere'),
  clock: token<Clock>('clock'),
  logger: token<Logger>('logger'),
} as const;
