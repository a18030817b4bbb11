// tsyringe refuses to load before there is metadata, so every use of it goes through this module.
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
