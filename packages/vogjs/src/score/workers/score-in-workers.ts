import { basename } from 'node:path';
import type { BackendName, SelectedBackend } from '@vogjs/core/node';
import type { Run, RunWriter } from '@vogjs/run';
import type { ResolvedConfig } from '../config/options.js';
import { explainInterrupt } from '../follow/interrupt.js';
import { passBytes, planCheckpoints } from '../follow/score-checkpoints.js';
import type { Work, WorkPlan } from '../follow/work.js';
import { writeJoined } from '../merge-run.js';
import { type By, gridOf, onGrid } from '../shards/cut.js';
import { gatherShards } from '../shards/gather.js';
import { joinFound } from '../shards/join-found.js';
import { pieceOf } from '../shards/pieces.js';
import { scoringOf } from '../shards/scoring-of.js';
import { roomFor, thisMachine } from './how-many.js';
import { runWorkers } from './pool.js';
import { viewOf } from './view.js';

interface InWorkers {
  readonly config: ResolvedConfig;
  readonly work: Work;
  readonly folder: string;
  readonly backend: SelectedBackend;
  readonly workers: number | 'auto';
  /** What each of them has a part of. */
  readonly by: By;
  readonly tell: (line: string) => void;
}

type Planned = Pick<InWorkers, 'config' | 'work' | 'workers' | 'by'> & { readonly backend: BackendName };

/**
 * Scores in several processes, a shard each, and joins what they made.
 *
 * @throws VogError SHARD_UNFIT for a training, and for more workers than checkpoints or metrics without merge where these
 *   are split; WORKER_FAILED, and what a worker throws
 */
export async function scoreInWorkers(
  { config, work, folder, backend, workers, by, tell }: InWorkers,
  begin: () => Promise<RunWriter>,
): Promise<Run> {
  const scoring = scoringOf(work);
  const count = await workersFor({ config, work, workers, by, backend: backend.backend });
  tell(
    `${count} ${count === 1 ? 'worker' : 'workers'}${typeof workers === 'number' && workers > count ? `: there are no more chunks` : ''}`,
  );
  const run = await begin();
  const view = viewOf(count, work.dataset.size * scoring.checkpoints.count);
  const stopListening = explainInterrupt(
    folder,
    () => 'Each worker saved what it had done.',
    `vogjs score --resume --out ${folder} --workers ${count}${by === 'rows' ? '' : ` --by ${by}`}`,
  );
  try {
    const jobs = Array.from({ length: count }, (_, at) => ({
      config,
      folder,
      shard: { index: at + 1, of: count },
      by,
      backend: backend.backend,
    }));
    const told = (line: string): void => {
      view.end();
      tell(line);
    };
    const paths = await runWorkers(jobs, { tell: told, progress: view.progress });
    view.end();
    const found = await gatherShards(
      folder,
      paths.map((path) => basename(path)),
    );
    return await writeJoined(work, await joinFound(found, scoring, folder), run, folder);
  } finally {
    view.end();
    stopListening();
  }
}

/**
 * What scoring in workers will take: a pass in each of them, and what is kept: by rows once, by checkpoints in each.
 *
 * @throws VogError SHARD_UNFIT
 */
export async function workerPlan({ config, work, workers, by, backend }: Planned): Promise<WorkPlan> {
  const { following, checkpoints } = scoringOf(work);
  const most = mostWorkers({ config, work, workers, by, backend });
  const grid = gridOf(following.dataset, config.chunkSize);
  const planned = await planCheckpoints(onGrid(following, grid), checkpoints);
  const working = await passBytes(following, checkpoints, grid.chunkSize);
  const kept = planned.plan.stateBytes;
  const bytes = by === 'rows' ? { kept, working } : { kept: 0, working: kept + working };
  const count = workers === 'auto' ? roomFor(backend, most, bytes, thisMachine()) : Math.min(workers, most);
  return {
    ...planned,
    plan: { ...planned.plan, stateBytes: by === 'rows' ? kept : count * kept, workingBytes: working },
    workers: count,
  };
}

async function workersFor(planned: Planned): Promise<number> {
  const { workers } = planned;
  const most = mostWorkers(planned);
  return workers === 'auto' ? ((await workerPlan(planned)).workers ?? 1) : Math.min(workers, most);
}

/** So many have something to do. Of checkpoints nobody gets fewer workers than asked for: it is refused, as of shards. */
function mostWorkers({ config, work, workers, by }: Planned): number {
  const scoring = scoringOf(work);
  const grid = gridOf(work.dataset, config.chunkSize);
  if (by === 'rows') return grid.chunks;
  pieceOf(scoring, grid, { index: 1, of: workers === 'auto' ? 1 : workers }, by);
  return scoring.checkpoints.count;
}
