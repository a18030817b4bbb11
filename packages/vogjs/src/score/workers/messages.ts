import type { BackendName } from '@vogjs/core/node';
import type { ResolvedConfig } from '../config/options.js';
import type { Shard } from '../shards/cut.js';

/** What a worker is told, once. */
export interface WorkerJob {
  readonly config: ResolvedConfig;
  readonly folder: string;
  readonly shard: Shard;
  readonly backend: BackendName;
}

/** What a worker tells. */
export type WorkerMessage =
  /** It is there, and not stuck. */
  | { readonly kind: 'alive' }
  /** Passes of examples that are done of it, of all of its checkpoints. */
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'done'; readonly path: string }
  /** An error that would come again. */
  | { readonly kind: 'failed'; readonly code: string | null; readonly message: string };
