import type { BackendName } from '@vogjs/core/node';
import { BACKENDS } from '../backend-names.js';
import { UsageError } from '../usage-error.js';

export interface DoctorOptions {
  readonly json: boolean;
  /** Examine this one alone, as if it were forced; null examines all. */
  readonly backend: BackendName | null;
  /** Time a ResNet-18 as well. */
  readonly resnet: boolean;
  /** Seconds that each backend has. */
  readonly timeout: number;
}

export const DOCTOR_DEFAULTS = { timeout: 90 } as const;

export function readDoctorOptions(raw: Readonly<Record<string, unknown>>): DoctorOptions {
  const backend = raw['backend'] ?? 'auto';
  if (backend !== 'auto' && !BACKENDS.includes(backend as BackendName)) {
    throw new UsageError(`--backend must be one of auto, ${BACKENDS.join(', ')}; got '${String(backend)}'.`);
  }
  const timeout = raw['timeout'] ?? DOCTOR_DEFAULTS.timeout;
  if (typeof timeout !== 'number' || !(timeout > 0 && timeout <= 3600)) {
    throw new UsageError(`--timeout must be a number of seconds up to 3600; got '${String(timeout)}'.`);
  }
  return {
    json: raw['json'] === true,
    backend: backend === 'auto' ? null : (backend as BackendName),
    resnet: raw['resnet'] === true,
    timeout,
  };
}
