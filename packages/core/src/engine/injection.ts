// tsyringe refuses to load before there is metadata, so every use of it goes through this module.
import './reflect.js';

export { container, inject, injectable, type DependencyContainer, type InjectionToken } from 'tsyringe';
