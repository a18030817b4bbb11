// tsyringe refuses to load before the polyfill, so every use of it goes through this module.
import 'reflect-metadata';

export { container, inject, injectable, type DependencyContainer, type InjectionToken } from 'tsyringe';
