import type { HashedTensor, PlacedEntry, SafetensorsEntry } from '@vogjs/formats';
import { VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { replaceFile, withFile } from '@vogjs/formats/files';
import type { Metric, MetricState } from '../metrics/metric.js';
import { cutChunks } from '../pass/chunks.js';
import { metricHooks } from '../run/metric-hooks.js';
import type { StateKey } from '../run/state-store.js';
import { segmentsOf, type Windows } from '../schedule/segments.js';
import { joinHeaders } from './join-headers.js';
import { checkHeader, damaged, type Header } from './saved-header.js';
import { hashed, type Head, readHead } from './saved-file.js';
import { checkSameRun } from './same-run.js';
import { countsOf, statesOf, tensorName } from './saved-states.js';
import { hashTensorData, piecesOf, readTensorData, tensorOf } from './tensor-bytes.js';
import { writeStates } from './write-states.js';

/** What the saved states of stretches of checkpoints are of. */
export interface JoinedRun {
  readonly metrics: readonly Metric[];
  readonly windows: Windows;
}

/** The saved state of a stretch of checkpoints. */
interface Stretch {
  readonly path: string;
  readonly head: Head;
  readonly header: Header;
  readonly entries: ReadonlyMap<string, PlacedEntry>;
  /** Of the tensors that were read. */
  readonly hashes: Map<string, HashedTensor>;
}

/** A tensor of the joined state, and whose it is. */
type Part = SafetensorsEntry & { readonly key: StateKey; readonly field: string };

/**
 * Joins saved states of successive stretches of checkpoints of one run into the state of all of them, by `Metric.merge`.
 * They are of the same examples in the same chunks. The result is what `save` would have written, but for rounding. One
 * state of each stretch is in memory at a time.
 *
 * @param paths in the order of their checkpoints
 * @throws VogError METRIC_INVALID for a metric that cannot be joined; STATE_MISMATCH, PROBE_MISMATCH, STATE_INVALID,
 *   STATE_VERSION, METRIC_FAILED, FILE_FAILED
 */
export async function joinStates(
  paths: readonly string[],
  target: string,
  { metrics, windows }: JoinedRun,
): Promise<void> {
  refuseUnmergeable(metrics);
  const stretches = await Promise.all(paths.map(open));
  const header = joinHeaders(stretches.map((each) => each.header));
  checkSameRun(header, { probe: header.probe, metrics, windows });
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  const keys = statesOf(header.counts, metrics, segmentsOf(windows), cutChunks(header.probe.size, header.chunkSize));
  const parts = keys.flatMap((key) => partsOf(key, stretches));
  const inHand = new StateInHand((key) => merged(byName.get(key.metric) as Metric, key, stretches, header.checkpoints));
  try {
    await replaceFile(target, async (sink) => {
      await writeStates(sink, header, parts, async function* ({ key, field }) {
        yield* piecesOf((await inHand.of(key))[field] as tf.Tensor);
      });
      // Known when all is read: nothing is left behind then.
      for (const stretch of stretches) stretch.head.verify(await hashesOf(stretch));
    });
  } finally {
    inHand.dispose();
  }
}

/**
 * Reads every byte of a saved state, and keeps none.
 *
 * @throws VogError STATE_INVALID, STATE_VERSION, FORMAT_TRUNCATED, FORMAT_INVALID, FILE_FAILED
 */
export async function checkSavedStates(path: string): Promise<void> {
  const saved = await open(path);
  saved.head.verify(await hashesOf(saved));
}

/** The state that is being written: its tensors are asked for one after the other. */
class StateInHand {
  private key: StateKey | null = null;
  private state: MetricState = {};

  constructor(private readonly make: (key: StateKey) => Promise<MetricState>) {}

  async of(key: StateKey): Promise<MetricState> {
    if (this.key !== key) {
      this.dispose();
      this.state = await this.make(key);
      this.key = key;
    }
    return this.state;
  }

  dispose(): void {
    tf.dispose(this.state);
    this.state = {};
    this.key = null;
  }
}

function refuseUnmergeable(metrics: readonly Metric[]): void {
  const names = metrics.filter(({ merge }) => merge === undefined).map(({ name }) => `'${name}'`);
  if (names.length === 0) return;
  throw new VogError(
    'METRIC_INVALID',
    `Joining stretches of checkpoints needs merge, and ${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} none. ` +
      'Define merge(a, b), or score all checkpoints in one run.',
  );
}

async function open(path: string): Promise<Stretch> {
  const head = await withFile(path, readHead);
  const entries = new Map(head.entries.map((entry) => [entry.name, entry]));
  return { path, head, header: checkHeader(head.header), entries, hashes: new Map() };
}

/** The stretches that have this state, in their order. */
function having({ metric, segment }: StateKey, stretches: readonly Stretch[]): Stretch[] {
  return stretches.filter(({ header }) => (countsOf(header.counts, metric)[segment] ?? 0) > 0);
}

/** The tensors of a state. Those of all stretches are of the same names, types and shapes: a state's never change. */
function partsOf(key: StateKey, stretches: readonly Stretch[]): Part[] {
  const [first, ...rest] = having(key, stretches).map((stretch) => fieldsOf(key, stretch));
  const shown = JSON.stringify(first);
  if (first === undefined || first.length === 0) throw damaged(`it lacks the tensors of ${tensorName(key, '')}`);
  if (rest.some((fields) => JSON.stringify(fields) !== shown)) {
    throw damaged(`its tensors of ${tensorName(key, '')} are others than those of the stretch before`);
  }
  return first.map(({ field, dtype, shape }) => ({ name: tensorName(key, field), dtype, shape, key, field }));
}

function fieldsOf(key: StateKey, { entries }: Stretch): Pick<Part, 'field' | 'dtype' | 'shape'>[] {
  const prefix = tensorName(key, '');
  return [...entries.values()]
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, dtype, shape }) => ({ field: name.slice(prefix.length), dtype: dtype as Part['dtype'], shape }));
}

async function merged(
  metric: Metric,
  key: StateKey,
  stretches: readonly Stretch[],
  checkpoints: number,
): Promise<MetricState> {
  let state: MetricState | null = null;
  for (const stretch of having(key, stretches)) {
    const next = await readState(key, stretch);
    if (state === null) {
      state = next;
      continue;
    }
    const before: MetricState = state;
    state = tf.tidy(() => metricHooks.merge(metric, before, next, checkpoints));
    // A metric may return a tensor of what it was given.
    const kept = new Set(Object.values(state).map(({ id }) => id));
    tf.dispose([...Object.values(before), ...Object.values(next)].filter(({ id }) => !kept.has(id)));
  }
  return state ?? {};
}

async function readState(key: StateKey, stretch: Stretch): Promise<MetricState> {
  return withFile(stretch.path, async (source) => {
    const state: Record<string, tf.Tensor> = {};
    for (const { field } of fieldsOf(key, stretch)) {
      const entry = stretch.entries.get(tensorName(key, field)) as PlacedEntry;
      const { data, hash } = await readTensorData(source, entry);
      stretch.hashes.set(entry.name, hashed(entry, hash));
      state[field] = tensorOf(entry, data);
    }
    return state;
  });
}

/** Of every tensor; those that no state is made of are read for it. */
async function hashesOf({ path, entries, hashes }: Stretch): Promise<HashedTensor[]> {
  return withFile(path, async (source) => {
    const all: HashedTensor[] = [];
    for (const [name, entry] of entries) {
      all.push(hashes.get(name) ?? hashed(entry, await hashTensorData(source, entry)));
    }
    return all;
  });
}
