// tsyringe refuses to load before the polyfill, so every use of it goes through this module. The lite one leaves out
// stand-ins for Map and WeakMap, which every browser has.
import 'reflect-metadata/lite';

export { container, inject, injectable, type DependencyContainer, type InjectionToken } from 'tsyringe';
