import {
  checksumOf,
  readSafetensors,
  type Safetensors,
  type TypedArray,
  VogError,
  writeSafetensors,
} from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import { settleDevice } from '../backends/device-errors.js';
import { inject, injectable } from './injection.js';
import type { Metric } from '../metrics/metric.js';
import type { Probe, ProbeFingerprint } from '../probe/probe.js';
import type { Position } from '../schedule/position.js';
import type { Windows } from '../schedule/segments.js';
import { TOKENS } from './container.js';
import { type Findings, noFindings } from './findings.js';
import type { TrackerOptions } from './options.js';
import type { RunState } from './run-state.js';
import type { StateKey, StateStore } from './state-store.js';

/** Version of the layout below. A reader refuses newer ones. */
const FORMAT_VERSION = 1;
const METADATA_KEY = 'vogjs.tracker';

/** What a saved state says beside its tensors. */
interface Header {
  readonly version: number;
  readonly checkpoints: number;
  readonly counts: Record<string, Record<string, number>>;
  readonly observed: Position | null;
  readonly last: Position | null;
  readonly scoredSteps: Record<string, number>;
  readonly chunkSize: number;
  readonly probe: ProbeFingerprint;
  readonly metrics: readonly { readonly name: string; readonly version: number; readonly options: unknown }[];
  readonly windows: Windows;
  /** What notes say of this run, and what its windows by fraction were filled for; files before these have neither. */
  readonly findings?: Findings;
  readonly filledFor?: number | null;
  /** Hash of this header and all tensors: safetensors has none, and a flipped bit would go unnoticed for ever. */
  readonly checksum: string;
}

/** Writes and reads a tracker's whole state as one safetensors file. */
@injectable()
export class Persistence {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.stateStore) private readonly store: StateStore,
  ) {}

  async serialise(metrics: readonly Metric[], chunkSize: number): Promise<Uint8Array> {
    const [torn] = this.run.torn.values();
    if (torn !== undefined) throw torn;
    const tensors: Record<string, { data: TypedArray; shape: number[]; dtype?: 'BOOL' }> = {};
    for (const [key, state] of this.store.entries()) {
      for (const [field, tensor] of Object.entries(state)) {
        const data = (await tensor.data()) as TypedArray;
        tensors[tensorName(key, field)] = {
          data,
          shape: tensor.shape,
          ...(tensor.dtype === 'bool' ? { dtype: 'BOOL' as const } : {}),
        };
      }
    }
    await settleDevice('while the state was read');
    const header: Omit<Header, 'checksum'> = {
      version: FORMAT_VERSION,
      checkpoints: this.run.checkpoints,
      counts: this.run.counts,
      observed: this.run.observed,
      last: this.run.last,
      scoredSteps: this.run.scoredSteps,
      chunkSize,
      probe: this.probe.fingerprint(),
      metrics: metrics.map(({ name, version, options }) => ({ name, version, options })),
      windows: this.options.windows ?? {},
      findings: this.run.findings,
      filledFor: this.run.filledFor,
    };
    return writeSafetensors(tensors, {
      [METADATA_KEY]: JSON.stringify({ ...header, checksum: checksumOf(header, tensors) }),
    });
  }

  /** Replaces the run's state by a saved one, or throws and leaves it as it was. */
  restore(bytes: Uint8Array, metrics: readonly Metric[]): { readonly chunkSize: number } {
    const file = readSafetensors(bytes);
    const header = readHeader(file);
    this.checkSameRun(header, metrics);
    const states = new Map<string, { key: StateKey; fields: string[] }>();
    for (const name of Object.keys(file.tensors)) {
      const { key, field } = parseTensorName(name);
      const id = JSON.stringify(key);
      const entry = states.get(id) ?? { key, fields: [] };
      entry.fields.push(field);
      states.set(id, entry);
    }
    this.store.clear();
    for (const { key, fields } of states.values()) {
      tf.tidy(() => {
        this.store.set(key, Object.fromEntries(fields.map((field) => [field, toTensor(file, tensorName(key, field))])));
      });
    }
    this.run.clear();
    this.run.checkpoints = header.checkpoints;
    this.run.counts = structuredClone(header.counts);
    this.run.observed = header.observed;
    this.run.last = header.last;
    this.run.scoredSteps = structuredClone(header.scoredSteps);
    this.run.findings = structuredClone(header.findings ?? noFindings());
    this.run.filledFor = header.filledFor ?? null;
    return { chunkSize: header.chunkSize };
  }

  private checkSameRun(header: Header, metrics: readonly Metric[]): void {
    const mine = this.probe.fingerprint();
    for (const aspect of ['size', 'shapes', 'labels', 'ids'] as const) {
      const [saved, here] = [JSON.stringify(header.probe[aspect]), JSON.stringify(mine[aspect])];
      if (saved !== here) {
        throw new VogError(
          'PROBE_MISMATCH',
          `The saved state belongs to another probe: its ${aspect} was ${saved} and is ${here} here. Load it into a tracker of the same examples, in the same order.`,
        );
      }
    }
    const describe = (list: readonly { name: string; version: number; options: unknown }[]): string =>
      list
        .map(({ name, version, options }) => `${name} v${version} ${JSON.stringify(options)}`)
        .toSorted()
        .join('; ');
    if (describe(header.metrics) !== describe(metrics)) {
      throw new VogError(
        'STATE_MISMATCH',
        `The saved state is of other metrics. Saved: ${describe(header.metrics)}. Here: ${describe(metrics)}. Create the tracker with the same metrics and options.`,
      );
    }
    const [savedWindows, windows] = [header.windows, this.options.windows ?? {}].map(describeWindows);
    if (savedWindows !== windows) {
      throw new VogError(
        'STATE_MISMATCH',
        `The saved state has other windows. Saved: ${savedWindows}. Here: ${windows}.`,
      );
    }
  }
}

function describeWindows(windows: Windows): string {
  return JSON.stringify(
    Object.entries(windows)
      .map(([name, { unit, from, to }]) => ({ name, unit, from, to: to === Number.POSITIVE_INFINITY ? null : to }))
      .toSorted((a, b) => a.from - b.from),
  );
}

function readHeader(file: Safetensors): Header {
  const text = file.metadata[METADATA_KEY];
  if (text === undefined) {
    throw new VogError('STATE_INVALID', 'This safetensors file is not the saved state of a VoG.js tracker.');
  }
  const header = parse(text);
  if (header.version > FORMAT_VERSION) {
    throw new VogError(
      'STATE_VERSION',
      `The saved state has layout version ${header.version}; this VoG.js reads up to ${FORMAT_VERSION}. Update @vogjs/core to load it.`,
    );
  }
  const { checksum: saved, ...rest } = header;
  if (saved !== checksumOf(rest, file.tensors)) throw damaged();
  return header;
}

function parse(text: string): Header {
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header === 'object' && header !== null && 'version' in header && typeof header.version === 'number')
      return header as Header;
  } catch {
    // Falls through: a header that is no JSON is damaged like one that says nothing.
  }
  throw damaged();
}

function damaged(): VogError {
  return new VogError(
    'STATE_INVALID',
    'The saved state is damaged: it does not match its checksum. Load an earlier save.',
  );
}

function tensorName({ metric, segment, chunk }: StateKey, field: string): string {
  return `${metric}|${segment}|${chunk}|${field}`;
}

function parseTensorName(name: string): { key: StateKey; field: string } {
  const [metric = '', segment = '', chunk = '', ...field] = name.split('|');
  return { key: { metric, segment, chunk: Number(chunk) }, field: field.join('|') };
}

function toTensor(file: Safetensors, name: string): tf.Tensor {
  const tensor = file.tensors[name];
  if (tensor === undefined) throw new Error('unreachable: the name was read off the same file');
  const { data, shape, dtype } = tensor;
  // A copy: the backend may keep the array, and the file's bytes are the caller's.
  if (dtype === 'BOOL') return tf.tensor(Uint8Array.from(data as Uint8Array), shape, 'bool');
  if (dtype === 'I32') return tf.tensor(Int32Array.from(data as Int32Array), shape, 'int32');
  return tf.tensor(Float32Array.from(data as Float32Array), shape, 'float32');
}
