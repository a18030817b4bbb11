// Gives a reader mutated files: what comes out is a value or a VogError, in bounded time and memory.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { VogError } from '@vogjs/base';
import { randomOf, SEED } from '@vogjs/testing';
import type { Mutant } from './mutations.js';
import { watch } from './watchdog.js';

/** Milliseconds of the processor that an input may take, which other processes do not change. */
const MOST_MILLISECONDS = 1000;
/** By the clock, for readers that wait: a busy machine may need a minute for a second of the processor. */
const MOST_WAITED = 120_000;
/** Bytes that reading may take beyond the file, however small the file. */
const MOST_BYTES = 64 * 2 ** 20;
const COLLECT_EVERY = 100;

/** INPUT=… in the environment, with SEED, repeats a single input; COUNT=… asks for more of them. */
const ONLY = process.env['INPUT'] === undefined ? null : Number(process.env['INPUT']);
const COUNT = Number(process.env['COUNT'] ?? 0);

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** How a file that nothing was done to was made. */
export const SOUND = 'a sound file';

export interface Fuzz {
  /** What is read, for messages. */
  readonly what: string;
  readonly count: number;
  /** Input `index` of this run, of its own generator. */
  readonly make: (random: ReturnType<typeof randomOf>, index: number) => Mutant;
  /** A file that nothing is wrong with. Every tenth input is one: it must be read, so that reading is no matter of chance. */
  readonly sound?: (random: ReturnType<typeof randomOf>) => Uint8Array;
  /**
   * Reads a file and checks what it gives: whatever is thrown that is no VogError is a fault. What is made ready before
   * and checked afterwards counts too.
   */
  readonly read: (bytes: Uint8Array, mutant: Mutant) => unknown;
}

export interface Tally {
  readonly read: number;
  readonly refused: number;
  /** How often each code was thrown. */
  readonly codes: ReadonlyMap<string, number>;
}

/**
 * Reads `count` mutants.
 *
 * The rule of memory: the process's highest resident size may rise by 64 MiB and the largest file over the whole run,
 * which bounds every single input; and what an input gives may hold no more than that in buffers, which also counts
 * those that nobody has written to.
 *
 * @returns how many were read and how many refused, for a test to ask that there were both
 * @throws the fault of an input, with the seed and how the input was made
 */
export async function fuzz({ what, count, make, sound, read }: Fuzz): Promise<Tally> {
  const codes = new Map<string, number>();
  const tally = { read: 0, refused: 0, codes };
  const dog = watch(what);
  let largest = 0;
  collect();
  let before = memory();
  const highest = before.highest;
  try {
    for (let index = ONLY ?? 0; index < (ONLY === null ? Math.max(count, COUNT) : ONLY + 1); index++) {
      const random = randomOf(index);
      const isSound = sound !== undefined && index % 10 === 0;
      const mutant = isSound ? { bytes: sound(random), recipe: [SOUND] } : make(random, index);
      const { bytes, recipe } = mutant;
      largest = Math.max(largest, bytes.length);
      const fault = (why: string, cause?: unknown): Error =>
        new Error(
          `${what}: ${why}\n    input ${index}, ${bytes.length} bytes: ${recipe.join('; ')}\n    SEED=${SEED} INPUT=${index} repeats it`,
          { cause },
        );
      dog.starts(`input ${index}: ${recipe.join('; ')}; SEED=${SEED} INPUT=${index} repeats it`);
      // The file itself was allocated by then.
      before = memory();
      const began = performance.now();
      const cpu = process.cpuUsage();
      const outcome = await outcomeOf(() => read(bytes, mutant), fault);
      const { user, system } = process.cpuUsage(cpu);
      const held = memory().buffers - before.buffers;
      const [took, waited] = [(user + system) / 1000, performance.now() - began];
      if (outcome instanceof VogError) {
        if (isSound) throw fault(`refused it: ${outcome.message}`, outcome);
        tally.refused++;
        codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
      } else tally.read++;
      if (took > MOST_MILLISECONDS) throw fault(`took ${Math.round(took)} ms of the processor`);
      if (waited > MOST_WAITED) throw fault(`took ${Math.round(waited)} ms by the clock`);
      if (held > MOST_BYTES + bytes.length) throw fault(`holds ${held} bytes of buffers`);
      const now = memory().highest;
      if (now - highest > MOST_BYTES + largest) {
        throw fault(`the process rose by ${now - highest} bytes, by ${now - before.highest} at this input`);
      }
      if (index % COLLECT_EVERY === 0 || held > 2 ** 22 || bytes.length > 2 ** 20) collect();
    }
  } finally {
    await dog.stop();
  }
  return tally;
}

/** The VogError, or the value that came out. */
async function outcomeOf(read: () => unknown, fault: (why: string, cause: unknown) => Error): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof VogError && error.message.length < 20_000) return error;
    const isLong = error instanceof VogError;
    throw fault(
      isLong ? `has a message of ${error.message.length} characters` : `threw ${String(error).slice(0, 300)}`,
      error,
    );
  }
}

function memory(): { readonly highest: number; readonly buffers: number } {
  return { highest: process.resourceUsage().maxRSS * 1024, buffers: process.memoryUsage().arrayBuffers };
}
