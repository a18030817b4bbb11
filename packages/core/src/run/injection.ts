// tsyringe refuses to load before there is metadata, so every use of it goes through this module. Bun needs the first
// import, before any ES module; bundlers the second: see there.
import './metadata.cjs';
import './reflect.js';

export {
  type ClassProvider,
  container,
  type DependencyContainer,
  inject,
  injectable,
  type InjectionToken,
  Lifecycle,
  type ValueProvider,
} from 'tsyringe';
