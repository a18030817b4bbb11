import { tapeGradientEngine } from '../gradients/input-gradient.js';
import { modelAdapter } from '../model/adapter.js';
import { monotonicClock } from '../pass/clock.js';
import { consoleLogger } from '../pass/logger.js';
import { Probe } from '../probe/probe.js';
import { ChunkGrid } from '../run/chunk-grid.js';
import { TrackerEmitter } from '../run/events.js';
import { InitContexts } from '../run/init-contexts.js';
import {
  type ClassProvider,
  container,
  type DependencyContainer,
  type InjectionToken,
  Lifecycle,
  type ValueProvider,
} from '../run/injection.js';
import type { Provided, TrackerOptions } from '../run/options.js';
import { RunState } from '../run/run-state.js';
import { DeviceStateStore } from '../run/state-store.js';
import { TOKENS } from '../run/tokens.js';
import { Commands } from './commands.js';
import { Later } from './later.js';
import { Monitors } from './monitors.js';
import { checkTogether } from './options-together.js';
import { Planner } from './planner.js';
import { registerServices } from './services.js';
import { TrackerPasses } from './tracker-passes.js';

/** What `provide` may replace, and what is there otherwise. */
const PARTS: Readonly<Record<keyof Provided, ClassProvider<object> | ValueProvider<object>>> = {
  modelAdapter: { useValue: modelAdapter },
  gradientEngine: { useValue: tapeGradientEngine },
  stateStore: { useClass: DeviceStateStore },
  elsewhere: { useValue: { isAlive: () => Promise.resolve(false) } },
  clock: { useValue: monotonicClock },
  logger: { useValue: consoleLogger },
};

/** One object of each a tracker; those that work with a model, score, save and load come later. */
const SERVICES = [InitContexts, ChunkGrid, TrackerPasses, Planner, Monitors, Commands] as const;

const scoped = { lifecycle: Lifecycle.ContainerScoped };

/**
 * The composition root: a container for one tracker. Its services are made when first asked for and disposed with it;
 * the global container stays as it is. Users never see either.
 */
export function trackerContainer(options: TrackerOptions): DependencyContainer {
  // Not made by the container, which would put words of its own around what they refuse.
  const probe = new Probe(options);
  checkTogether(options, probe);
  const scope = container.createChildContainer();
  scope.registerInstance(TOKENS.options, options);
  scope.registerInstance(TOKENS.probe, probe);
  scope.registerInstance(TOKENS.run, new RunState(options.total));
  scope.register(TOKENS.events, { useClass: TrackerEmitter }, scoped);
  for (const [part, own] of Object.entries(PARTS) as [
    keyof Provided,
    ClassProvider<object> | ValueProvider<object>,
  ][]) {
    const given = options.provide?.[part];
    const provider = given === undefined ? own : { useValue: given };
    if ('useClass' in provider) scope.register<object>(TOKENS[part], provider, scoped);
    else scope.register<object>(TOKENS[part], provider);
  }
  registerServices(scope, SERVICES);
  scope.registerInstance(Later, new Later(scope));
  return scope;
}

const ROOTS = {
  options: TOKENS.options,
  probe: TOKENS.probe,
  run: TOKENS.run,
  store: TOKENS.stateStore,
  events: TOKENS.events,
  logger: TOKENS.logger,
  planner: Planner,
  monitors: Monitors,
  commands: Commands,
  later: Later,
} as const;

/** The services that a tracker speaks to, by name. */
export type Services = {
  readonly [Name in keyof typeof ROOTS]: (typeof ROOTS)[Name] extends InjectionToken<infer Service> ? Service : never;
};

/** Resolves them. */
export function servicesOf(scope: DependencyContainer): Services {
  const services = Object.entries(ROOTS).map(([name, token]) => [name, scope.resolve<unknown>(token)]);
  return Object.fromEntries(services) as Services;
}
