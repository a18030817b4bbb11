import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@vogjs/core/node';
import { UsageError } from '@vogjs/example-shared';
import type { Noise } from './noise.js';
import type { Settings } from './settings.js';
import type { Finding, Suspects } from './suspects.js';
import type { Trained } from './training.js';

/** A training that is done; the plain one says what it found. */
export interface Result {
  readonly noise: Noise;
  readonly method: string;
  readonly seed: number;
  readonly settings: Settings;
  readonly trained: Trained;
  readonly finding: Finding | null;
}

/** Results by training, one file each, so that a run that is killed goes on with the next; null keeps nothing. */
export class Results {
  constructor(private readonly folder: string | null) {}

  /** Null where this training has not been done. */
  async find(noise: Noise, method: string, seed: number, settings: Settings): Promise<Result | null> {
    const name = fileName(noise, method, seed);
    const result = await this.read<Result>(name);
    if (result === null) return null;
    const [here, there] = [settings, result.settings].map((each) =>
      JSON.stringify(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    );
    if (here === there) return result;
    throw new UsageError(`${name} is of settings ${there}, not ${here}. Give those, or --out another folder.`);
  }

  suspects(noise: Noise, seed: number): Promise<Suspects | null> {
    return this.read<Suspects>(fileName(noise, 'suspects', seed));
  }

  /** Suspects first: a training that counts as done has them. */
  async keep(result: Result, suspects: Suspects | null): Promise<void> {
    const { noise, method, seed } = result;
    if (suspects !== null) await this.write(fileName(noise, 'suspects', seed), suspects);
    await this.write(fileName(noise, method, seed), result);
  }

  private async read<T>(name: string): Promise<T | null> {
    if (this.folder === null) return null;
    const text = await readFile(join(this.folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return null;
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new UsageError(`${name} in '${this.folder}' is damaged. Remove it, and it is made again.`);
    }
  }

  private async write(name: string, value: object): Promise<void> {
    if (this.folder === null) return;
    await mkdir(this.folder, { recursive: true });
    await writeFileAtomically(join(this.folder, name), new TextEncoder().encode(JSON.stringify(value)));
  }
}

function fileName(noise: Noise, what: string, seed: number): string {
  return `${noise}-seed-${seed}-${what.replaceAll(' ', '-').toLowerCase()}.json`;
}
