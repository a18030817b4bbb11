import type { HashedTensor, PlacedEntry, SafetensorsEntry, TypedArray } from '@vogjs/formats';
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { settleDevice } from '@vogjs/backend';
import type { Metric, MetricState } from '../metrics/metric.js';
import { fingerprintOf } from '../probe/fingerprint.js';
import type { Probe } from '../probe/probe.js';
import { segmentsOf } from '../schedule/segments.js';
import { cutChunks } from '../pass/chunks.js';
import { TOKENS } from '../run/tokens.js';
import { ChunkGrid } from '../run/chunk-grid.js';
import type { ByteSink, ByteSource } from '@vogjs/formats/files';
import { inject, injectable } from '../run/injection.js';
import type { TrackerOptions } from '../run/options.js';
import type { RunState } from '../run/run-state.js';
import { checkHeader, damaged, FORMAT_VERSION, type Header } from './saved-header.js';
import { hashed, readHead } from './saved-file.js';
import { checkSameRun } from './same-run.js';
import { loadFrom, saveTo } from './save-load.js';
import {
  checkTensors,
  countsOf,
  SAVED_TYPES,
  type SavedState,
  statesOf,
  StateShapes,
  tensorName,
} from './saved-states.js';
import { type StateKey, stageStates, type StateStore } from '../run/state-store.js';
import { hashTensorData, piecesOf, readTensorData, tensorOf } from './tensor-bytes.js';
import { writeStates } from './write-states.js';

/** A tensor of the file, and whose it is. */
type Part = SafetensorsEntry & { readonly key: StateKey; readonly field: string };

/** Writes and reads a tracker's whole state as one safetensors file, tensor by tensor: of any size. */
@injectable()
export class Persistence {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.stateStore) private readonly store: StateStore,
    @inject(ChunkGrid) private readonly grid: ChunkGrid,
  ) {}

  private get metrics(): readonly Metric[] {
    return this.options.metrics;
  }

  /** `write` to a file or sink. */
  save(target: string | ByteSink): Promise<void> {
    return saveTo(target, (sink) => this.write(sink));
  }

  /** `restore` from a file, bytes or a source. */
  async load(saved: string | Uint8Array | ByteSource): Promise<void> {
    const chunkSize = await loadFrom(saved, (source) => this.restore(source));
    this.grid.choose({ chunkSize, from: 'saved state', reason: 'taken over from the saved state', workingBytes: null });
  }

  /** Writes the state; beside it there is one tensor at a time, or a piece of a large one. */
  async write(sink: ByteSink): Promise<void> {
    const { torn } = this.run;
    const [first] = torn.values();
    // What is whole is saved, and what is torn is said to be: only where nothing is whole is there nothing to save.
    if (first !== undefined && this.metrics.every(({ name }) => torn.has(name))) throw first;
    const header = this.header();
    const parts = this.parts();
    await writeStates(sink, header, parts, ({ key, field }) => piecesOf(this.stateOf(key)[field] as tf.Tensor));
  }

  /** The bytes of `write`, in one array. */
  async serialise(): Promise<Uint8Array> {
    let bytes = new Uint8Array();
    const sink: ByteSink = {
      open: (byteLength) => void (bytes = oneArray(byteLength)),
      write: (position, piece) => bytes.set(piece, position),
    };
    await this.write(sink);
    return bytes;
  }

  /** Replaces the run's state by a saved one once that is whole, or throws and leaves everything as it was. */
  async restore(source: ByteSource): Promise<number> {
    const file = await readHead(source);
    let header: Header;
    let states: readonly SavedState[];
    try {
      header = checkHeader(file.header);
      checkSameRun(header, {
        probe: fingerprintOf(this.probe),
        metrics: this.metrics,
        windows: this.options.windows ?? {},
      });
      states = this.checkStates(header, file.entries);
    } catch (error) {
      // A damaged file may look like that of another run.
      const hashes: HashedTensor[] = [];
      for (const entry of file.entries) hashes.push(hashed(entry, await hashTensorData(source, entry)));
      file.verify(hashes);
      throw error;
    }
    const staged = stageStates(this.store);
    try {
      file.verify(await this.readStates(source, states, (key, state) => staged.set(key, state)));
      await settleDevice('while the state was loaded');
      if (this.run.disposed) throw new VogError('DISPOSED', 'The tracker was disposed while a state was loaded.');
    } catch (error) {
      staged.discard();
      throw error;
    }
    staged.commit();
    this.run.clear();
    this.run.checkpoints = header.checkpoints;
    this.run.counts = records(Object.keys(header.counts), (metric) => countsOf(header.counts, metric));
    this.run.observed = header.observed;
    this.run.last = header.last;
    this.run.scoredSteps = records(Object.keys(header.scoredSteps), (metric) => header.scoredSteps[metric] as number);
    this.run.classes ??= header.classes ?? null;
    this.run.findings = structuredClone(header.findings ?? { notFinite: [], zeroGradients: [] });
    this.run.filledFor = header.filledFor ?? null;
    for (const [name, why] of Object.entries(header.torn ?? {})) {
      this.run.torn.set(name, new VogError('METRIC_TORN', why, { plugin: { kind: 'metric', name } }));
    }
    return header.chunkSize;
  }

  /** Counts of the metrics that are whole: of which there are states. */
  private get counts(): Header['counts'] {
    return records(
      Object.keys(this.run.counts).filter((metric) => !this.run.torn.has(metric)),
      (metric) => this.run.counts[metric] as Record<string, number>,
    );
  }

  private header(): Header {
    const torn = Object.fromEntries([...this.run.torn].map(([metric, { message }]) => [metric, message]));
    const header = {
      version: FORMAT_VERSION,
      checkpoints: this.run.checkpoints,
      counts: this.counts,
      observed: this.run.observed,
      last: this.run.last,
      scoredSteps: this.run.scoredSteps,
      chunkSize: this.grid.chunkSize,
      probe: fingerprintOf(this.probe),
      metrics: this.metrics.map(({ name, version, options }) => ({ name, version, options })),
      windows: this.options.windows ?? {},
      classes: this.run.classes,
      findings: this.run.findings,
      filledFor: this.run.filledFor,
      ...(this.run.torn.size > 0 ? { torn } : {}),
    };
    // As it will be read: what could not be loaded is not saved.
    return checkHeader(JSON.parse(JSON.stringify(header)) as object);
  }

  private parts(): Part[] {
    const segments = segmentsOf(this.options.windows ?? {});
    return statesOf(this.counts, this.metrics, segments, this.grid.chunks).flatMap((key) =>
      Object.entries(this.stateOf(key)).map(([field, { dtype, shape }]): Part => {
        const type = SAVED_TYPES[dtype];
        if (type === undefined) {
          throw new VogError(
            'METRIC_INVALID',
            `Metric '${key.metric}': state.${field} is ${dtype}, which cannot be saved. Keep float32, int32 or bool tensors.`,
            { plugin: { kind: 'metric', name: key.metric } },
          );
        }
        return { name: tensorName(key, field), dtype: type, shape, key, field };
      }),
    );
  }

  private stateOf(key: StateKey): MetricState {
    const state = this.store.get(key);
    if (state !== undefined) return state;
    throw new VogError(
      'STATE_INVALID',
      `The store has no state of metric '${key.metric}' for chunk ${key.chunk} in '${key.segment}', which saw checkpoints. ` +
        'It was cleared from outside, or does not keep what it is given: see the stateStore of provide.',
      { plugin: { kind: 'metric', name: key.metric } },
    );
  }

  private checkStates(header: Header, entries: readonly PlacedEntry[]): SavedState[] {
    const segments = segmentsOf(this.options.windows ?? {});
    for (const metric of Object.keys(header.counts)) {
      const stray = Object.keys(countsOf(header.counts, metric)).find(
        (name) => !segments.some((segment) => segment.name === name),
      );
      if (stray !== undefined) throw damaged(`counts names ${JSON.stringify(stray)}, which is not a window of it`);
    }
    const chunks = cutChunks(this.probe.size, header.chunkSize);
    const keys = statesOf(header.counts, this.metrics, segments, chunks);
    const { classes = null } = header;
    const here = this.run.classes ?? this.options.classes ?? null;
    if (classes !== null && here !== null && classes !== here) {
      throw new VogError(
        'STATE_MISMATCH',
        `The saved state is of a model with ${classes} classes, and there are ${here} here. Load it where the model is the same.`,
      );
    }
    const shapes = new StateShapes(this.probe.inputShapes, classes ?? here ?? this.probe.classes);
    const byName = new Map(this.metrics.map((metric) => [metric.name, metric]));
    return checkTensors(entries, keys, ({ metric, chunk }) =>
      shapes.of(byName.get(metric) as Metric, chunks[chunk]?.size ?? 0),
    );
  }

  private async readStates(
    source: ByteSource,
    states: readonly SavedState[],
    set: (key: StateKey, state: MetricState) => void,
  ): Promise<HashedTensor[]> {
    const hashes: HashedTensor[] = [];
    for (const { key, tensors } of states) {
      const arrays: { field: string; entry: PlacedEntry; data: TypedArray }[] = [];
      for (const { field, entry } of tensors) {
        const { data, hash } = await readTensorData(source, entry);
        hashes.push(hashed(entry, hash));
        arrays.push({ field, entry, data });
      }
      tf.tidy(() => {
        const state = arrays.map(({ field, entry, data }) => [field, tensorOf(entry, data)] as const);
        set(key, Object.fromEntries(state));
      });
    }
    return hashes;
  }
}

/** An array for a whole file. */
function oneArray(byteLength: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(byteLength);
  } catch (error) {
    throw new VogError(
      'STATE_TOO_LARGE',
      `The state takes ${byteLength} bytes, more than fit one array here. Write it with save(path), which needs no ` +
        'array of the whole, or with save(sink) where there are no files.',
      { cause: error },
    );
  }
}

/** A record without a prototype: a metric may be named as one of its keys. */
function records<T>(names: readonly string[], valueOf: (name: string) => T): Record<string, T> {
  const record = Object.create(null) as Record<string, T>;
  for (const name of names) record[name] = valueOf(name);
  return record;
}
