import {
  type ExampleId,
  type Features,
  openRun,
  type Reviewer,
  reviewRun,
  type Run,
  type RunStorage,
  type ScoresTable,
  type TrajectoriesTable,
} from '@vogjs/run';
import { type Components, componentsOf } from './components.js';

/** Files whose change makes what was read of a run stale. */
const PARTS = [
  'scores.parquet',
  'trajectories.parquet',
  'features.safetensors',
  'issues.json',
  'ood.json',
  'thumbs/index.json',
];

/** Ids of a run's rows, and back. */
export interface RowIds {
  readonly ids: readonly ExampleId[];
  /** Row by id as text. */
  readonly rows: ReadonlyMap<string, number>;
}

/** A run as the server holds it: opened anew at each request, its parts read once as long as they stay the same. */
export class ServedRun {
  readonly name: string;
  readonly storage: RunStorage;
  /** Its path; null where it is no folder. */
  readonly folder: string | null;
  #edition = '';
  #parts = new Map<string, Promise<unknown>>();

  constructor(name: string, storage: RunStorage, folder: string | null) {
    this.name = name;
    this.storage = storage;
    this.folder = folder;
  }

  /** Reads `run.json`, and forgets what was read before if a part was written anew. */
  async open(): Promise<{ readonly run: Run; readonly edition: string }> {
    const [run, ...sizes] = await Promise.all([openRun(this.storage), ...PARTS.map((name) => this.storage.size(name))]);
    const edition = `${run.manifest.changed} ${sizes.join(' ')}`;
    if (edition !== this.#edition) {
      this.#edition = edition;
      this.#parts = new Map();
    }
    return { run, edition };
  }

  table(run: Run): Promise<ScoresTable> {
    return this.#part('table', () => run.scores());
  }

  trajectories(run: Run): Promise<TrajectoriesTable> {
    return this.#part('trajectories', () => run.trajectories());
  }

  features(run: Run): Promise<Features> {
    return this.#part('features', () => run.features());
  }

  components(run: Run, count: number): Promise<Components> {
    return this.#part(`components ${count}`, async () => componentsOf(await this.features(run), count));
  }

  reviewer(run: Run): Promise<Reviewer> {
    return this.#part('reviewer', () => reviewRun(run));
  }

  rowIds(run: Run): Promise<RowIds> {
    return this.#part('rowIds', async () => {
      const ids = await (await this.table(run)).ids();
      return { ids, rows: new Map(ids.map((id, row) => [String(id), row])) };
    });
  }

  #part<T>(name: string, read: () => Promise<T>): Promise<T> {
    const parts = this.#parts;
    const known = parts.get(name);
    if (known !== undefined) return known as Promise<T>;
    const reading = read();
    parts.set(name, reading);
    // What failed is tried again at the next request: the file may be mended by then.
    reading.catch(() => parts.delete(name));
    return reading;
  }
}
