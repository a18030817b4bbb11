import type { ChunkChoice } from '../pass/chunk-choice.js';
import { type Chunk, cutChunks, estimateChunkSize } from '../pass/chunks.js';
import type { Probe } from '../probe/probe.js';
import { inject, injectable } from './injection.js';
import type { TrackerOptions } from './options.js';
import { TOKENS } from './tokens.js';

/** How the probe is cut into chunks, and why so. States are kept chunk by chunk: once there is one, the cuts stay. */
@injectable()
export class ChunkGrid {
  private chosen: ChunkChoice;
  private cut: readonly Chunk[];

  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.options) { chunkSize }: TrackerOptions,
  ) {
    this.chosen =
      chunkSize === undefined
        ? {
            chunkSize: estimateChunkSize(probe.inputShapes),
            from: 'shapes',
            reason: 'from the shape of the input',
            workingBytes: null,
          }
        : { chunkSize, from: 'option', reason: 'given as chunkSize', workingBytes: null };
    this.cut = cutChunks(probe.size, this.chosen.chunkSize);
  }

  get choice(): ChunkChoice {
    return this.chosen;
  }

  get chunks(): readonly Chunk[] {
    return this.cut;
  }

  /** Examples in a whole chunk, and in the only one of a small probe. */
  get chunkSize(): number {
    return this.cut[0]?.size ?? 1;
  }

  choose(choice: ChunkChoice): void {
    this.chosen = choice;
    this.cut = cutChunks(this.probe.size, choice.chunkSize);
  }
}
