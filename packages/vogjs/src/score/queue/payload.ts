import { isRecord, VogError } from '@vogjs/base';
import type { BackendName } from '@vogjs/core/node';
import { BACKENDS } from '../../backend-names.js';
import { SCORE_OPTIONS } from '../config/options.js';
import type { By } from '../shards/cut.js';
import type { ShardFacts } from '../shards/facts.js';
import type { WorkerJob } from '../workers/scorer.js';

/** What the queue carries of a shard, beside which one it is. */
export interface Payload {
  readonly config: Readonly<Record<string, unknown>>;
  /** Of the run, as the one who asked names it: where it is relative, to the folder in which a worker was started. */
  readonly folder: string;
  readonly backend: BackendName;
  readonly facts: ShardFacts;
}

/**
 * What a worker is to do. What comes out of a queue may be anything.
 *
 * @throws VogError CONFIG_INVALID
 */
export function jobOf(index: number, of: number, payload: unknown): WorkerJob {
  const { config, folder, backend, facts } = isRecord(payload) ? payload : {};
  const isWhole =
    isRecord(config) &&
    typeof folder === 'string' &&
    folder !== '' &&
    (BACKENDS as readonly unknown[]).includes(backend) &&
    isRecord(facts) &&
    Object.values(facts).every((fact) => typeof fact === 'string') &&
    (facts['by'] === 'rows' || facts['by'] === 'checkpoints') &&
    [index, of].every(Number.isSafeInteger) &&
    index >= 1 &&
    index <= of;
  if (!isWhole) {
    throw new VogError(
      'CONFIG_INVALID',
      'What is in the queue is not a shard of vogjs score. Give it a database of its own.',
    );
  }
  return {
    config: SCORE_OPTIONS.resolve(config),
    folder,
    shard: { index, of },
    by: facts['by'] as By,
    backend: backend as BackendName,
    facts: facts as unknown as ShardFacts,
  };
}
