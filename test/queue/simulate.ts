// Many shards of empty work through the real queue, done by processes that are killed as machines die, in time-lapse.
import { type ChildProcess, fork } from 'node:child_process';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SeededRandom } from '@vogjs/base';
import { openShardQueue } from '@vogjs/queue';

/** What a worker says. */
export interface Said {
  readonly kind: 'begun' | 'done';
  readonly index: number;
}

/** What is simulated. */
export interface Simulation {
  readonly shards: number;
  /** Processes. */
  readonly workers: number;
  /** Shards that each of them does at once. */
  readonly atOnce: number;
  /** Milliseconds that a shard takes. */
  readonly shardMs: number;
  /** Milliseconds after which the shards of a dead worker are taken by others. */
  readonly leaseMs: number;
  /** Milliseconds between two deaths, in the mean, of all workers together. */
  readonly deathEveryMs: number;
  readonly random: SeededRandom;
  readonly tell?: (line: string) => void;
}

/** What came of it. Times are seconds. */
export interface Simulated {
  readonly made: ReadonlyMap<number, string>;
  readonly failed: readonly { readonly index: number; readonly why: string }[];
  readonly deaths: number;
  /** Shards in hand of workers when they died, as they said. */
  readonly lost: number;
  /** From a death until a shard that was lost with it was begun by another. */
  readonly takenOver: readonly number[];
  readonly begun: number;
  readonly submitting: number;
  readonly working: number;
  readonly forgetting: number;
}

const here = fileURLToPath(import.meta.url);
const program = fileURLToPath(new URL('worker.ts', import.meta.url));
const seconds = (since: number): number => (performance.now() - since) / 1000;

/** Runs it against the queue at `url`. */
export async function simulate(url: string, asked: Simulation): Promise<Simulated> {
  const { shards, workers, deathEveryMs, random, tell = () => {} } = asked;
  const crew = new Crew(url, asked);
  const queue = await openShardQueue(url);
  const submission = { attempts: 4, rest: 1000, priority: 0 };
  const jobs = Array.from({ length: shards }, (_, at) => ({
    run: 'simulated',
    index: at + 1,
    of: shards,
    payload: here,
  }));
  const over = new AbortController();
  try {
    let since = performance.now();
    await queue.submit(jobs, submission, () => true);
    const submitting = seconds(since);
    tell(`${shards} shards are in the queue after ${submitting.toFixed(1)} s`);
    for (let at = 0; at < workers; at++) crew.hire();
    since = performance.now();
    const dying = (async () => {
      // Deaths are independent of each other: the time between two is exponential.
      // It is five times the mean at most, so that a run of some length sees one.
      const next = (): number => Math.min(5, -Math.log(1 - random.uniform())) * deathEveryMs;
      while (await wait(next(), true, { signal: over.signal }).catch(() => false)) crew.killOne(random);
    })();
    const { made, failed } = await queue.watch(jobs, submission, { patience: 120_000, tell });
    const working = seconds(since);
    over.abort();
    await dying;
    since = performance.now();
    await queue.forget('simulated');
    const { deaths, lost, takenOver, begun } = crew;
    return { made, failed, deaths, lost, takenOver, begun, submitting, working, forgetting: seconds(since) };
  } finally {
    over.abort();
    crew.dismiss();
    await queue.close();
  }
}

/** The processes that work. */
class Crew {
  deaths = 0;
  lost = 0;
  begun = 0;
  readonly takenOver: number[] = [];
  private readonly inHand = new Map<ChildProcess, Set<number>>();
  private readonly orphans = new Map<number, number>();
  private readonly losses = new Map<number, number>();

  constructor(
    private readonly url: string,
    private readonly asked: Simulation,
  ) {}

  hire(): void {
    const { atOnce, shardMs, leaseMs } = this.asked;
    const how = { AT_ONCE: String(atOnce), SHARD_MS: String(shardMs), LEASE_MS: String(leaseMs) };
    const child = fork(program, { stdio: 'ignore', env: { ...process.env, VOGJS_QUEUE: this.url, ...how } });
    this.inHand.set(child, new Set());
    child.on('message', (said) => this.heard(child, said as Said));
  }

  /**
   * Kills any one of them, as a machine that fails, and has another in its place. It spares who has a shard that was lost
   * twice already: one that is lost too often counts as one that kills, and fails.
   */
  killOne(random: SeededRandom): void {
    const all = [...this.inHand].filter(([, shards]) =>
      [...shards].every((index) => (this.losses.get(index) ?? 0) < 2),
    );
    if (all.length === 0) return;
    const [child, shards] = all[random.integer(all.length)] as [ChildProcess, Set<number>];
    child.kill('SIGKILL');
    this.inHand.delete(child);
    this.deaths += 1;
    this.lost += shards.size;
    for (const index of shards) {
      this.orphans.set(index, performance.now());
      this.losses.set(index, (this.losses.get(index) ?? 0) + 1);
    }
    this.hire();
  }

  dismiss(): void {
    for (const child of this.inHand.keys()) child.kill('SIGKILL');
    this.inHand.clear();
  }

  private heard(child: ChildProcess, { kind, index }: Said): void {
    const shards = this.inHand.get(child);
    if (kind === 'done') return void shards?.delete(index);
    this.begun += 1;
    shards?.add(index);
    const since = this.orphans.get(index);
    // What a dead worker had said before it died may be read after.
    if (since === undefined || shards === undefined) return;
    this.orphans.delete(index);
    this.takenOver.push(seconds(since));
  }
}
