import type { Persistence } from '../persistence/persistence.js';
import type { DependencyContainer } from '../run/injection.js';
import { registerServices, type Service } from './services.js';
import type { Training } from './training.js';

/** Services whose code is loaded when first used: a page that only makes a tracker downloads none of it. */
export class Later {
  /** What works with a model. */
  readonly training: () => Promise<Training>;
  readonly persistence: () => Promise<Persistence>;

  constructor(scope: DependencyContainer) {
    const service = <T extends object>(made: Service<T>): T => {
      registerServices(scope, [made]);
      return scope.resolve<T>(made as never);
    };
    this.training = once(async () => (await import('./training.js')).trainingOf(scope));
    this.persistence = once(async () => service((await import('./saving.js')).Persistence));
  }
}

/** Loads once; a load that failed, as where a page was offline, is tried again. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}
