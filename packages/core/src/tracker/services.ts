import { type DependencyContainer, Lifecycle } from '../run/injection.js';

/** A class that the container makes. */
export type Service<T extends object = object> = new (...parts: never[]) => T;

/** Registers services, one object of each a tracker, made when first asked for and disposed with the scope. */
export function registerServices(scope: DependencyContainer, services: readonly Service[]): void {
  for (const service of services) {
    scope.register<object>(service as never, { useClass: service as never }, { lifecycle: Lifecycle.ContainerScoped });
  }
}
