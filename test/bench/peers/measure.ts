// One case, all peers side by side: rounds in turns, then the memory of each in a process of its own.
import { roundsOr } from '../harness.js';
import type { Case } from './cases.js';
import type { MemoryReply } from './protocol.js';
import { Worker } from './worker.js';

/** One row: how its process is started. */
export interface Peer {
  readonly name: string;
  readonly command: (folder: string) => readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A peer that takes so long that it sits out most rounds. */
  readonly slow: boolean;
}

export interface Row {
  readonly name: string;
  /** Seconds of each round that it took part in: of all checkpoints and the scores. */
  readonly seconds: readonly number[];
  /** The same in processor time. */
  readonly processorSeconds: readonly number[];
  readonly scores: readonly number[];
  /** Null where memory could not be measured. */
  readonly memory: MemoryReply | null;
  /** What computes, with its version. */
  readonly ready: string;
}

/** Memory is read after so many checkpoints. */
export const MEMORY_AT = [5, 50] as const;

export interface Surroundings {
  readonly folder: string;
  readonly cores: string | null;
  /** Whether this system tells the memory of a process. */
  readonly measuresMemory: boolean;
  readonly log: (line: string) => void;
}

/** Starts every peer at once and asks one after the other: A B C, C B A, A B C … */
async function timed(
  each: Case,
  peers: readonly Peer[],
  { folder, cores, log }: Surroundings,
): Promise<Omit<Row, 'memory'>[]> {
  const rows = peers.map(({ name }) => ({
    name,
    seconds: [] as number[],
    processorSeconds: [] as number[],
    scores: [] as readonly number[],
    ready: '',
  }));
  const workers: Worker[] = [];
  try {
    for (const [i, peer] of peers.entries()) {
      const { worker, ready } = await Worker.start(peer.name, peer.command(folder), cores, peer.environment);
      workers.push(worker);
      rows[i]!.ready = ready.ready;
      // Compilation, caches, threads: one chunk that does not count.
      await worker.run({ checkpoints: 1, examples: each.chunkSize });
    }
    const rounds = roundsOr(each.rounds[0]);
    const slowRounds = Math.min(rounds, each.rounds[1]);
    for (let round = 0; round < rounds; round++) {
      const order = [...peers.keys()];
      for (const i of round % 2 === 0 ? order : order.toReversed()) {
        if (peers[i]!.slow && round >= slowRounds) continue;
        const { seconds, processorSeconds, scores } = await workers[i]!.run({
          checkpoints: each.checkpoints,
          examples: each.examples,
        });
        rows[i]!.seconds.push(seconds);
        rows[i]!.processorSeconds.push(processorSeconds);
        rows[i]!.scores = scores;
      }
      const of = rows.map(({ name, seconds }) => `${name} ${seconds[round]?.toFixed(2) ?? '-'}`);
      log(`${each.title}: round ${round + 1} of ${rounds}, seconds: ${of.join(', ')}`);
    }
  } finally {
    for (const worker of workers) await worker.stop();
  }
  return rows;
}

/**
 * glibc takes a block of 128 KiB and more from the system and gives it back when it is freed, until the first such block
 * is freed: then it begins to keep larger and larger ones. With a fixed threshold the peak is what is in use.
 */
const IN_USE = { MALLOC_MMAP_THRESHOLD_: '131072' } as const;

/** What a peer holds beyond its runtime, after 5 and 50 checkpoints: in a process of its own that nobody times. */
export async function memoryOf(
  each: Case,
  peer: Peer,
  { folder, cores }: Pick<Surroundings, 'folder' | 'cores'>,
): Promise<MemoryReply> {
  const { worker } = await Worker.start(peer.name, peer.command(folder), cores, { ...peer.environment, ...IN_USE });
  try {
    return await worker.memory({ at: MEMORY_AT, examples: each.memoryExamples });
  } finally {
    await worker.stop();
  }
}

export async function measure(each: Case, peers: readonly Peer[], where: Surroundings): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [i, row] of (await timed(each, peers, where)).entries()) {
    const memory = where.measuresMemory ? await memoryOf(each, peers[i]!, where) : null;
    if (memory !== null) {
      const peaks = memory.peaks.map((bytes) => (bytes / 2 ** 20).toFixed(1));
      where.log(`${each.title}: ${row.name}, MiB above ${(memory.baseline / 2 ** 20).toFixed(0)}: ${peaks.join(', ')}`);
    }
    rows.push({ ...row, memory });
  }
  return rows;
}

/** Scores of one run of a peer that is not timed: another formula, or another order of the examples. */
export async function scoresOf(
  each: Case,
  peer: Peer,
  { folder, cores }: Surroundings,
  activation: 'logit' | 'softmax' = 'logit',
): Promise<readonly number[]> {
  const { worker } = await Worker.start(peer.name, peer.command(folder), cores, peer.environment);
  try {
    return (await worker.run({ checkpoints: each.checkpoints, examples: each.examples, activation })).scores;
  } finally {
    await worker.stop();
  }
}
