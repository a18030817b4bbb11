import { isRecord, shown, VogError } from '@vogjs/base';
import type { RunStorage } from '../storage/storage.js';
import { readVersioned } from '../storage/versioned.js';

/** Version of the run folder that this package writes; it reads this one and earlier ones. */
export const RUN_VERSION = 1;
export const MANIFEST = 'run.json';
const FORMAT = 'vogjs-run';

/** Where in training a checkpoint was taken. */
export interface RunCheckpoint {
  readonly epoch: number;
  readonly step: number;
  /** Where its weights come from, or are kept: a name as the user gave it. */
  readonly source?: string;
}

/** What one run is: `run.json`, written first (`running`) and last (`complete`). */
export interface RunManifest {
  readonly format: 'vogjs-run';
  readonly version: number;
  readonly state: 'running' | 'complete';
  /** When it was begun, and when this file was written last; ISO 8601, UTC. */
  readonly created: string;
  readonly changed: string;
  /** Number of examples. */
  readonly examples: number;
  readonly classNames: readonly string[] | null;
  /** What was asked for, whole: flags and configuration file, resolved. */
  readonly config: Readonly<Record<string, unknown>>;
  /** SHA-256 of the configuration, in hexadecimal. */
  readonly configHash: string;
  /** Where the examples come from, and a hash of them. */
  readonly data: { readonly source: string | null; readonly fingerprint: string | null; readonly kind: DataKind };
  readonly model: { readonly name: string | null; readonly hash: string | null };
  readonly checkpoints: readonly RunCheckpoint[];
  readonly metrics: readonly string[];
  readonly windows: readonly string[];
  /** The score column by which the run is sorted unless asked otherwise. */
  readonly primary: string | null;
  readonly backend: string | null;
  readonly machine: string | null;
  /** Versions of what made it, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** What a reader of the numbers should know. */
  readonly notes: readonly string[];
}

export type DataKind = 'images' | 'table' | 'arrays';

/** What `createRun` takes of a manifest; the rest has a default. */
export type ManifestInit = { readonly examples: number } & Partial<
  Omit<RunManifest, 'format' | 'version' | 'state' | 'created' | 'changed' | 'configHash'>
>;

/** @throws VogError ARGUMENT_INVALID */
export async function newManifest(init: ManifestInit): Promise<RunManifest> {
  if (!Number.isSafeInteger(init.examples) || init.examples < 1) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `createRun: examples must be a whole number above 0; got ${shown(init.examples)}.`,
    );
  }
  const now = new Date().toISOString();
  const config = init.config ?? {};
  const manifest: RunManifest = {
    format: FORMAT,
    version: RUN_VERSION,
    state: 'running',
    created: now,
    changed: now,
    examples: init.examples,
    classNames: init.classNames ?? null,
    config,
    configHash: await sha256(JSON.stringify(config)),
    data: init.data ?? { source: null, fingerprint: null, kind: 'arrays' },
    model: init.model ?? { name: null, hash: null },
    checkpoints: init.checkpoints ?? [],
    metrics: init.metrics ?? [],
    windows: init.windows ?? ['complete'],
    primary: init.primary ?? null,
    backend: init.backend ?? null,
    machine: init.machine ?? null,
    versions: init.versions ?? {},
    notes: init.notes ?? [],
  };
  checkManifest('createRun', manifest);
  return manifest;
}

/** @throws VogError RUN_ABSENT, RUN_INVALID for a file that is no manifest, RUN_VERSION for one of a newer version */
export async function readManifest(storage: RunStorage): Promise<RunManifest> {
  const { value, invalid } = await readVersioned(storage, MANIFEST, {
    latest: RUN_VERSION,
    format: [FORMAT, 'the manifest of a run'],
  });
  const fault = faultOf(value);
  if (fault !== null) throw invalid(fault);
  return value as unknown as RunManifest;
}

/**
 * Writes `run.json`.
 *
 * @throws VogError ARGUMENT_INVALID for what could not be read again
 */
export async function writeManifest(storage: RunStorage, manifest: RunManifest): Promise<void> {
  checkManifest(MANIFEST, manifest);
  await storage.write(MANIFEST, new TextEncoder().encode(JSON.stringify(manifest, null, 1)));
}

function checkManifest(where: string, manifest: RunManifest): void {
  const fault = faultOf({ ...manifest });
  if (fault !== null) throw new VogError('ARGUMENT_INVALID', `${where}: this is not a manifest of a run: it ${fault}.`);
}

/** What keeps an object of JSON from being a manifest, as the end of a sentence; null where nothing does. */
function faultOf(value: Readonly<Record<string, unknown>>): string | null {
  const { examples, classNames: names, state } = value as unknown as RunManifest;
  if (!Number.isSafeInteger(examples) || examples < 1) return 'has no number of examples';
  const lists = ['checkpoints', 'metrics', 'windows', 'notes'];
  if (lists.some((name) => !Array.isArray(value[name])))
    return 'lacks a list of checkpoints, metrics, windows or notes';
  if (names !== null && !(Array.isArray(names) && names.every((name) => typeof name === 'string'))) {
    return 'has class names that are not texts';
  }
  if (state !== 'running' && state !== 'complete') return 'has no state';
  const records = ['config', 'data', 'model', 'versions'];
  if (!records.every((name) => isRecord(value[name]))) return 'lacks its configuration, data, model or versions';
  return null;
}

/** SHA-256 of a text, in hexadecimal. */
async function sha256(content: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
