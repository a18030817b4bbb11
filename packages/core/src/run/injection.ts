// tsyringe refuses to load before there is metadata, so every use of it goes through this module. Bundlers need the
// import of './reflect.js': see there. Bun takes `#tsyringe` for `tsyringe.bun.cts`, by core's package.json.
import './reflect.js';
import * as own from '#tsyringe';

export type { ClassProvider, DependencyContainer, InjectionToken, ValueProvider } from 'tsyringe';

// By its own name: the compiler of a program that uses ours need not resolve `#tsyringe`.
type Tsyringe = typeof import('tsyringe');

export const container: Tsyringe['container'] = own.container;
export const inject: Tsyringe['inject'] = own.inject;
export const injectable: Tsyringe['injectable'] = own.injectable;
export const Lifecycle: Tsyringe['Lifecycle'] = own.Lifecycle;
