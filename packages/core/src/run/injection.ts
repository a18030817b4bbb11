// tsyringe refuses to load before the polyfill, so every use of it goes through this module. The lite one leaves out
// stand-ins for Map and WeakMap, which every browser has.
import 'reflect-metadata/lite';

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
