import { type BackendName, selectBackend } from '@vogjs/backend/node';
import { testBackends } from '@vogjs/testing';

export { testBackends };

/** Makes a backend active, with its repairs: by default the first of those that tests run on. */
export async function useBackend(name: BackendName = testBackends()[0]): Promise<void> {
  await selectBackend(name);
}
