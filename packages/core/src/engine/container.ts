import { container, type DependencyContainer, type InjectionToken } from './injection.js';
import { type GradientEngine, tapeGradientEngine } from '../gradients/input-gradient.js';
import { type ModelAdapter, modelAdapter } from '../model/adapter.js';
import { Probe } from '../probe/probe.js';
import { type Clock, monotonicClock } from './clock.js';
import { TrackerEmitter } from './events.js';
import { consoleLogger, type Logger } from './logger.js';
import type { TrackerOptions } from './options.js';
import { RunState } from './run-state.js';
import { DeviceStateStore, type StateStore } from './state-store.js';

const token = <T>(name: string): InjectionToken<T> => Symbol(`vogjs.${name}`);

/** What the parts of one tracker ask for. */
export const TOKENS = {
  options: token<TrackerOptions>('options'),
  probe: token<Probe>('probe'),
  run: token<RunState>('run'),
  events: token<TrackerEmitter>('events'),
  modelAdapter: token<ModelAdapter>('modelAdapter'),
  gradientEngine: token<GradientEngine>('gradientEngine'),
  stateStore: token<StateStore>('stateStore'),
  clock: token<Clock>('clock'),
  logger: token<Logger>('logger'),
} as const;

/** A child container for one tracker; the global container stays as it is. Users never see either. */
export function trackerContainer(options: TrackerOptions): DependencyContainer {
  const { provide = {} } = options;
  const child = container.createChildContainer();
  const logger = provide.logger ?? consoleLogger;
  child.registerInstance(TOKENS.options, options);
  child.registerInstance(TOKENS.probe, new Probe(options));
  child.registerInstance(TOKENS.run, new RunState());
  child.registerInstance(TOKENS.events, new TrackerEmitter(logger));
  child.registerInstance(TOKENS.modelAdapter, provide.modelAdapter ?? modelAdapter);
  child.registerInstance(TOKENS.gradientEngine, provide.gradientEngine ?? tapeGradientEngine);
  child.registerInstance(TOKENS.stateStore, provide.stateStore ?? new DeviceStateStore());
  child.registerInstance(TOKENS.clock, provide.clock ?? monotonicClock);
  child.registerInstance(TOKENS.logger, logger);
  return child;
}
