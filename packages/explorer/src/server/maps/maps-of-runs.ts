import type { OpenCheckpoints } from '../../kept-checkpoints.js';
import { requireRow } from '../runs/require-row.js';
import type { Shelf } from '../runs/shelf.js';
import { ExampleMaps } from './example-maps.js';

const NOBODY: OpenCheckpoints = async () =>
  'Maps of gradients are computed by `vogjs explore`, from the checkpoints that a run was scored on.';

/** Maps of the runs of a shelf; those of a run that was written anew are forgotten. */
export class MapsOfRuns {
  readonly #shelf: Shelf;
  readonly #open: OpenCheckpoints;
  readonly #maps = new Map<number, { readonly edition: string; readonly maps: ExampleMaps }>();

  constructor(shelf: Shelf, open: OpenCheckpoints = NOBODY) {
    this.#shelf = shelf;
    this.#open = open;
  }

  /** @param row that the run must have */
  async of(number: number, row = 0): Promise<ExampleMaps> {
    const { run, edition } = await this.#shelf.run(number).open();
    requireRow(row, run.manifest.examples);
    const known = this.#maps.get(number);
    if (known?.edition === edition) return known.maps;
    known?.maps.close();
    const maps = new ExampleMaps(this.#open, run);
    this.#maps.set(number, { edition, maps });
    return maps;
  }

  close(): void {
    for (const { maps } of this.#maps.values()) maps.close();
    this.#maps.clear();
  }
}
