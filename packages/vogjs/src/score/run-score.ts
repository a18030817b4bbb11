import process from 'node:process';
import { declareOptions } from '@vogjs/base/options';
import { selectBackend } from '@vogjs/core/node';
import { openRun, type Run } from '@vogjs/run';
import { isStored } from '../stored.js';
import { UsageError } from '../usage-error.js';
import { lowerPriority } from './checkpoints/low-priority.js';
import { resolveConfig } from './config/load.js';
import { HOW_OPTIONS, type ResolvedConfig, SCORE_OPTIONS } from './config/options.js';
import { newsOf } from './fetched/fetch-news.js';
import { beginRun, defaultFolder, lookAt } from './follow/run-place.js';
import type { Work, WorkPlan } from './follow/work.js';
import { refuseContradictoryWays } from './how.js';
import { finishRun } from './outcome/finish.js';
import { limitsOf } from './outcome/limits.js';
import { madeHere, manifestOf } from './outcome/manifest.js';
import { otherSets } from './ood/ood-follower.js';
import { oodFolder } from './ood/record.js';
import { planLines } from './outcome/plan.js';
import { tellOutcome } from './outcome/tell.js';
import type { LivePage } from './live/live-page.js';
import { prepare, sourceOf } from './prepare.js';
import { queueAddress } from './queue/package.js';
import { cancelInQueue, type QueueWays, scoreThroughQueue } from './queue/score-through-queue.js';
import { planPart, scorePart } from './score-part.js';
import { type By, type Shard, shardOf } from './shards/cut.js';
import { scoreInWorkers, workerPlan } from './workers/score-in-workers.js';

const HOW = declareOptions('vogjs score', HOW_OPTIONS);
type How = ReturnType<typeof HOW.resolve>;

/** `vogjs score` with what was typed; gives the exit code. */
export async function runScore(given: Readonly<Record<string, unknown>>): Promise<number> {
  const howNames = Object.keys(HOW_OPTIONS);
  refuseContradictoryWays(given);
  const entries = Object.entries(given);
  const how = HOW.resolve(Object.fromEntries(entries.filter(([name]) => howNames.includes(name))));
  const typed = Object.fromEntries(entries.filter(([name]) => !howNames.includes(name)));
  const { resume, plan, json, shard } = how;
  const config = resume ? await resumed(typed) : await resolveConfig(typed, how.config, process.cwd());
  const part = shard === undefined ? undefined : shardOf(shard);
  refuseParts(config, how);
  if (plan) return tellPlan(config, json, part, how);
  if (part !== undefined) return scoreOnePart(config, json, part, how.by);
  if (how.queue !== undefined && how.cancel) return cancel(config, json, how);
  return score(config, json, how);
}

/** Notes said before a run begins; run.json has all. */
const NOTES = 6;
/** Class names of more characters are counted instead. */
const MOST_NAMES = 60;

function notesOf({ dataset, notes }: Work): string[] {
  return [...dataset.notes, ...notes].slice(0, NOTES).map((note) => `  ${note}`);
}

/** `photos: 200 examples of Bag, Sandal, to runs/photos, on wasm`: a wrong folder or column shows by its classes. */
function headOf({ source, size, classNames }: Work['dataset'], folder: string, backend: string): string {
  const names = classNames?.join(', ') ?? '';
  const classes = names.length > MOST_NAMES ? ` of ${classNames?.length} classes` : names === '' ? '' : ` of ${names}`;
  return `${source}: ${size} examples${classes}, to ${folder}, on ${backend}`;
}

/** Scores, unless that is done already, and says what was found. */
async function score(config: ResolvedConfig, json: boolean, how: How): Promise<number> {
  const { workers, queue, by, live, port } = how;
  // Before a backend starts: its threads have the priority of the one that makes them.
  if (config.watch !== undefined) lowerPriority();
  const limits = limitsOf(config.failAbove ?? []);
  const folder = config.out ?? defaultFolder(sourceOf(config));
  const backend = await selectBackend(config.backend);
  const work = await prepare(config, newsOf(json));
  const { dataset, model } = work;
  const { config: identity, place } = await lookAt(folder, config, {
    data: dataset.fingerprint,
    model: model.hash,
  });
  let run: Run;
  let page: LivePage | null = null;
  if (place.before?.manifest.state === 'complete') {
    if (!json) console.log(`This run is done already: ${folder}`);
    run = place.before;
    await refuseOtherSets(work, folder);
  } else {
    if (workers === undefined && queue === undefined) refuseStore(folder);
    const tell = json ? () => {} : (line: string) => console.log(line);
    tell(headOf(dataset, folder, backend.backend));
    // Before hours are spent: broken files, missing labels, classes of one.
    for (const note of notesOf(work)) tell(note);
    // A detector that cannot fit is met before hours are spent; one that did so once is not tried again.
    if (place.before === null) await work.ood?.attempt();
    const begin = () => beginRun(place, manifestOf(work, identity, madeHere(backend)));
    const job = { config, work, folder, backend, tell };
    if (workers !== undefined) run = await scoreInWorkers({ ...job, workers, by }, begin);
    else if (queue !== undefined) run = await scoreThroughQueue({ ...job, ...throughQueue(how) }, begin);
    else {
      const writer = await begin();
      // Only who asks for it loads a server.
      const { openLivePage } = live ? await import('./live/live-page.js') : { openLivePage: null };
      page = (await openLivePage?.(writer, folder, dataset, port)) ?? null;
      try {
        const followed = await work.follow(writer, folder, place.before, tell, page?.watch);
        run = await finishRun(dataset, followed, writer, folder);
      } catch (error) {
        await page?.close();
        throw error;
      }
    }
  }
  const code = await tellOutcome(run, folder, limits, json);
  await page?.leave();
  return code;
}

/** The sets beside the data are followed by one process, through all of its checkpoints. */
function refuseParts({ oodOut }: ResolvedConfig, how: How): void {
  const part = (['shard', 'workers', 'queue'] as const).find((name) => how[name] !== undefined);
  if (oodOut === undefined || part === undefined) return;
  throw new UsageError(`--ood-out is scored by one process, whole. Leave out --${part}, or --ood-out.`);
}

/** A run that is done is of the sets that it was asked for. */
async function refuseOtherSets({ ood }: Work, folder: string): Promise<void> {
  if (ood === undefined) return;
  const { manifest } = await openRun(oodFolder(folder));
  if (manifest.data.fingerprint !== ood.fingerprint) throw otherSets();
}

/** What this process alone scores or trains is saved in files that it goes on with. */
function refuseStore(folder: string): void {
  if (!isStored(folder)) return;
  throw new UsageError(
    `--out ${folder} takes shards: give --shard i/n, --workers n or --queue, or score into a folder and copy it there.`,
  );
}

function throughQueue({ queue = 'auto', shards = 1, by, priority, attempts, patience }: How): QueueWays {
  return { queue: queueAddress(queue), shards, by, priority, attempts, patience };
}

/** Takes the shards of a run out of the queue. */
async function cancel(config: ResolvedConfig, json: boolean, how: How): Promise<number> {
  const folder = config.out ?? defaultFolder(sourceOf(config));
  const backend = await selectBackend(config.backend);
  const work = await prepare(config, newsOf(json));
  const removed = await cancelInQueue({ config, work, folder, backend, tell: () => {}, ...throughQueue(how) });
  if (json) console.log(JSON.stringify({ run: folder, cancelled: true, removed }));
  else console.log(`${removed} shards are taken out of the queue. Workers leave those in hand within seconds.`);
  return 0;
}

async function scoreOnePart(config: ResolvedConfig, json: boolean, shard: Shard, by: By): Promise<number> {
  const folder = config.out ?? defaultFolder(sourceOf(config));
  const backend = await selectBackend(config.backend);
  const done = await scorePart({ config, work: await prepare(config, newsOf(json)), folder, shard, by, backend });
  if (done === null) {
    console.log(json ? JSON.stringify({ run: folder, complete: true }) : `This run is done already: ${folder}`);
    return 0;
  }
  const { path, before } = done;
  const { rows, stretch } = done.piece;
  if (json) {
    const checkpoints = stretch === undefined ? {} : { checkpoints: { start: stretch.start, end: stretch.end } };
    console.log(
      JSON.stringify({ run: folder, shard: `${shard.index}/${shard.of}`, rows, ...checkpoints, file: path, before }),
    );
  } else {
    const words = before ? 'was done already' : 'is done';
    const { start, end } = stretch ?? rows;
    const part = `${stretch === undefined ? 'examples' : 'checkpoints'} ${start} to ${end - 1}`;
    console.log(`Shard ${shard.index}/${shard.of}, ${part}, ${words}: ${path}`);
    console.log(`When all are done: npx vogjs merge ${folder}`);
  }
  return 0;
}

async function tellPlan(
  config: ResolvedConfig,
  json: boolean,
  shard: Shard | undefined,
  { workers, by }: How,
): Promise<number> {
  const { backend } = await selectBackend(config.backend);
  const work = await prepare(config, newsOf(json));
  const plan = await planOf();
  if (json) console.log(JSON.stringify({ backend, ...plan }));
  else console.log([...planLines(plan, backend), ...notesOf(work)].join('\n'));
  return 0;

  function planOf(): Promise<WorkPlan> {
    if (workers !== undefined) return workerPlan({ config, work, workers, by, backend });
    return shard === undefined ? work.plan() : planPart({ config, work, shard, by });
  }
}

/** The options that a run was begun with; what is typed beside them is checked against them later. */
async function resumed(typed: Readonly<Record<string, unknown>>): Promise<ResolvedConfig> {
  const { out } = typed;
  if (typeof out !== 'string') throw new UsageError('--resume needs --out: the folder of the run to go on with.');
  const { manifest } = await openRun(out);
  return SCORE_OPTIONS.resolve({ ...manifest.config, ...typed });
}
