import { VogError } from '@vogjs/base';
import type { Run } from '@vogjs/run';
import type { ApiMaps } from '../../api/types.js';
import type { KeptCheckpoints, OpenCheckpoints } from '../../kept-checkpoints.js';
import { Refusal } from '../http/refusal.js';
import { deviationMap, type HeatMap, type PixelGradient, strengthMap } from './heat-map.js';

/** Bytes of gradients that are kept for who moves the slider back. */
const MOST_BYTES = 64 * 2 ** 20;

/** Maps of a run's examples, computed when they are asked for, one after the other. */
export class ExampleMaps {
  readonly #open: OpenCheckpoints;
  readonly #run: Run;
  #kept: Promise<KeptCheckpoints | string> | undefined;
  /** By row and checkpoint, the last used last. */
  readonly #gradients = new Map<string, PixelGradient>();
  #bytes = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(open: OpenCheckpoints, run: Run) {
    this.#open = open;
    this.#run = run;
  }

  /** Which checkpoints there are, or why there are none. */
  async available(): Promise<ApiMaps> {
    const kept = await this.#find();
    if (typeof kept === 'string') return { checkpoints: [], why: kept };
    return { checkpoints: kept.numbers, why: null };
  }

  /**
   * The input gradient of the probability of a row's class, absolute values summed over channels.
   *
   * @param isWanted asked before work begins: who asked may have gone on
   */
  async gradient(row: number, checkpoint: number, isWanted: () => boolean): Promise<HeatMap> {
    const kept = await this.#checkpoints();
    if (!kept.numbers.includes(checkpoint)) {
      throw new Refusal(404, `Checkpoint ${checkpoint} of the run is not kept.`);
    }
    return strengthMap(await this.#gradientOf(kept, row, checkpoint, isWanted));
  }

  /** What the score VoG averages over pixels, by the checkpoints that are kept. */
  async deviation(row: number, isWanted: () => boolean): Promise<HeatMap> {
    const kept = await this.#checkpoints();
    if (kept.numbers.length < 2) throw new Refusal(404, 'A variance needs two checkpoints, and one is kept.');
    const gradients: PixelGradient[] = [];
    for (const number of kept.numbers) gradients.push(await this.#gradientOf(kept, row, number, isWanted));
    return deviationMap(gradients);
  }

  close(): void {
    this.#gradients.clear();
    const closing = async (): Promise<void> => {
      await this.#turn;
      const kept = await this.#kept?.catch(() => undefined);
      if (typeof kept === 'object') kept.close();
    };
    void closing();
  }

  async #find(): Promise<KeptCheckpoints | string> {
    this.#kept ??= this.#open(this.#run);
    try {
      return await this.#kept;
    } catch (error) {
      // What could not be read may be mended by the next time.
      this.#kept = undefined;
      if (error instanceof VogError) return error.message;
      throw error;
    }
  }

  async #checkpoints(): Promise<KeptCheckpoints> {
    const kept = await this.#find();
    if (typeof kept === 'string') throw new Refusal(404, kept);
    return kept;
  }

  async #gradientOf(
    kept: KeptCheckpoints,
    row: number,
    number: number,
    isWanted: () => boolean,
  ): Promise<PixelGradient> {
    const key = `${row} ${number}`;
    const computed = this.#turn.then(async () => {
      const known = this.#gradients.get(key);
      if (known !== undefined) return known;
      if (!isWanted()) throw new Refusal(410, 'Nobody waits for this map any more.');
      return compute(kept, row, number);
    });
    this.#turn = computed.catch(() => {});
    try {
      const gradient = await computed;
      this.#keep(key, gradient);
      return gradient;
    } catch (error) {
      // About its data and its checkpoints, not about this program.
      throw error instanceof VogError ? new Refusal(422, error.message) : error;
    }
  }

  #keep(key: string, gradient: PixelGradient): void {
    if (!this.#gradients.delete(key)) this.#bytes += gradient.values.byteLength;
    this.#gradients.set(key, gradient);
    for (const [oldest, { values }] of this.#gradients) {
      if (this.#bytes <= MOST_BYTES || oldest === key) return;
      this.#gradients.delete(oldest);
      this.#bytes -= values.byteLength;
    }
  }
}

async function compute(kept: KeptCheckpoints, row: number, number: number): Promise<PixelGradient> {
  const [{ collectResources, inputGradient }, { values, shape, label }] = await Promise.all([
    // TensorFlow.js is loaded by who looks at a map.
    import('@vogjs/core'),
    kept.example(row),
  ]);
  const inputs = { data: values, shape: [1, ...shape] };
  const model = await kept.open(number);
  // As `vog` has it.
  const gradient = inputGradient({ activation: 'softmax', label: label === null ? 'predicted' : 'true' });
  const probe = label === null ? { inputs } : { inputs, labels: Int32Array.of(label) };
  const found = await collectResources(model, probe, { gradient }, { chunkSize: 1, recorded: false });
  return { values: Float32Array.from(found.gradient.data), shape };
}
