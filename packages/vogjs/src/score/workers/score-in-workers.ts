import { basename } from 'node:path';
import type { SelectedBackend } from '@vogjs/core/node';
import type { Run, RunWriter } from '@vogjs/run';
import type { ResolvedConfig } from '../config/options.js';
import { explainInterrupt } from '../follow/interrupt.js';
import { passBytes, planCheckpoints } from '../follow/score-checkpoints.js';
import type { Work, WorkPlan } from '../follow/work.js';
import { writeJoined } from '../merge-run.js';
import { gridOf, onGrid } from '../shards/cut.js';
import { gatherShards } from '../shards/gather.js';
import { joinShards } from '../shards/join.js';
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
  readonly tell: (line: string) => void;
}

/**
 * Scores in several processes, a shard each, and joins what they made.
 *
 * @throws VogError SHARD_UNFIT for a training, WORKER_FAILED, and what a worker throws
 */
export async function scoreInWorkers(
  { config, work, folder, backend, workers, tell }: InWorkers,
  begin: () => Promise<RunWriter>,
): Promise<Run> {
  const { following, checkpoints } = scoringOf(work);
  const { dataset } = following;
  const count = await workersFor(config, work, workers, backend.backend);
  tell(
    `${count} ${count === 1 ? 'worker' : 'workers'}${typeof workers === 'number' && workers > count ? `: there are no more chunks` : ''}`,
  );
  const run = await begin();
  const view = viewOf(count, dataset.size * checkpoints.count);
  const stopListening = explainInterrupt(
    folder,
    () => 'Each worker saved what it had done.',
    `npx vogjs score --resume --out ${folder} --workers ${count}`,
  );
  try {
    const jobs = Array.from({ length: count }, (_, at) => ({
      config,
      folder,
      shard: { index: at + 1, of: count },
      backend: backend.backend,
    }));
    const told = (line: string): void => {
      view.end();
      tell(line);
    };
    const paths = await runWorkers(jobs, { tell: told, progress: view.progress });
    view.end();
    return await writeJoined(
      work,
      await joinShards(
        await gatherShards(
          folder,
          paths.map((path) => basename(path)),
        ),
      ),
      run,
      folder,
    );
  } finally {
    view.end();
    stopListening();
  }
}

/** What scoring in workers will take: what is kept once, and a pass in each of them. */
export async function workerPlan(
  config: ResolvedConfig,
  work: Work,
  workers: number | 'auto',
  backend: SelectedBackend['backend'],
): Promise<WorkPlan> {
  const { following, checkpoints } = scoringOf(work);
  const grid = gridOf(following.dataset, config.chunkSize);
  const planned = await planCheckpoints(onGrid(following, grid), checkpoints);
  const working = await passBytes(following, checkpoints, grid.chunkSize);
  const bytes = { kept: planned.plan.stateBytes, working };
  return {
    ...planned,
    plan: { ...planned.plan, workingBytes: working },
    workers: workers === 'auto' ? roomFor(backend, grid.chunks, bytes, thisMachine()) : Math.min(workers, grid.chunks),
  };
}

async function workersFor(
  config: ResolvedConfig,
  work: Work,
  workers: number | 'auto',
  backend: SelectedBackend['backend'],
): Promise<number> {
  if (workers !== 'auto') return Math.min(workers, gridOf(work.dataset, config.chunkSize).chunks);
  return (await workerPlan(config, work, workers, backend)).workers ?? 1;
}
