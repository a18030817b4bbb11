import { VogError } from '@vogjs/base';
import type { Tracker } from '@vogjs/core';
import { type BackendName, selectBackend } from '@vogjs/core/node';
import type { ResolvedConfig } from '../config/options.js';
import type { Work } from '../follow/work.js';
import { prepare } from '../prepare.js';
import { scorePart } from '../score-part.js';
import type { By, Shard } from '../shards/cut.js';
import type { Piece, ShardFacts } from '../shards/facts.js';

/** What a worker is told of a shard. */
export interface WorkerJob {
  readonly config: ResolvedConfig;
  readonly folder: string;
  readonly shard: Shard;
  /** What it is a part of. */
  readonly by: By;
  readonly backend: BackendName;
  /** What its data, checkpoints and options must be, where somebody else has seen them; default whatever they are. */
  readonly facts?: ShardFacts;
}

/** What a worker tells. */
export type WorkerMessage =
  /** It is there, and not stuck. */
  | { readonly kind: 'alive' }
  /** Passes of examples that are done of it. */
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'done'; readonly path: string }
  /** An error that would come again. `isUnfit`: any shard would end so here, where the backend or the data is missing. */
  | { readonly kind: 'failed'; readonly code: string | null; readonly message: string; readonly isUnfit: boolean };

/** What is wrong with this worker, and would be with its next shard. */
const UNFIT = new Set<string>(['SHARDS_STRANGE', 'STORAGE_CREDENTIALS', 'STORAGE_FORBIDDEN']);

/** Scores shards in this process; what it read for one serves the next of the same run. */
export class Scorer {
  private prepared: { readonly key: string; readonly work: Work } | null = null;

  constructor(private readonly tell: (message: WorkerMessage) => void) {}

  /** @throws whatever is no VogError */
  async score({ config, folder, shard, by, backend: name, facts }: WorkerJob): Promise<WorkerMessage> {
    let isUnfit = true;
    try {
      const backend = await selectBackend(name);
      const work = await this.prepare(config);
      isUnfit = false;
      const done = await scorePart({ config, work, folder, shard, by, backend, watch: this.watch, facts });
      if (done !== null) return { kind: 'done', path: done.path };
      return { kind: 'failed', code: null, message: 'The run was completed by somebody else.', isUnfit };
    } catch (error) {
      if (!(error instanceof VogError)) throw error;
      const { code, message } = error;
      return { kind: 'failed', code, message, isUnfit: isUnfit || UNFIT.has(code) };
    }
  }

  private async prepare(config: ResolvedConfig): Promise<Work> {
    const key = JSON.stringify(config);
    if (this.prepared?.key !== key) this.prepared = { key, work: await prepare(config) };
    return this.prepared.work;
  }

  private readonly watch = (tracker: Tracker, { rows, stretch }: Piece): (() => void) =>
    tracker.on('progress', ({ done }) => {
      const first = stretch?.start ?? 0;
      const before = (tracker.observed?.epoch ?? first - 1) + 1 - first;
      this.tell({ kind: 'progress', done: before * (rows.end - rows.start) + done });
    });
}
