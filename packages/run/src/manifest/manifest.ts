import { isRecord, parseJson, shown, VogError } from '@vogjs/base';

/** Version of the run folder that this package writes; it reads this one and earlier ones. */
export const RUN_VERSION = 1;
export const MANIFEST = 'run.json';

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
  /** When it was begun, and changed last; ISO 8601, UTC. */
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

export async function newManifest(init: ManifestInit): Promise<RunManifest> {
  if (!Number.isSafeInteger(init.examples) || init.examples < 1) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `createRun: examples must be a whole number above 0; got ${shown(init.examples)}.`,
    );
  }
  const now = new Date().toISOString();
  const config = init.config ?? {};
  return {
    format: 'vogjs-run',
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
}

/** @throws VogError RUN_INVALID for a file that is no manifest, RUN_VERSION for one of a newer version */
export function readManifest(bytes: Uint8Array, place: string): RunManifest {
  const invalid = (why: string): VogError =>
    new VogError('RUN_INVALID', `${MANIFEST} of ${place} ${why}. Restore it from a copy, or make the run again.`);
  let value: unknown;
  try {
    value = parseJson(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new VogError('RUN_INVALID', invalid('is damaged').message, { cause: error });
  }
  if (!isRecord(value) || value['format'] !== 'vogjs-run') throw invalid('is not the manifest of a run');
  const { version } = value;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw invalid(`has the version ${shown(version)}`);
  }
  if (version > RUN_VERSION) {
    throw new VogError(
      'RUN_VERSION',
      `The run in ${place} has version ${version}, and this program reads up to ${RUN_VERSION}. Update VoG.js.`,
    );
  }
  const manifest = value as unknown as RunManifest;
  if (!Number.isSafeInteger(manifest.examples) || manifest.examples < 1) throw invalid('has no number of examples');
  const lists = [manifest.checkpoints, manifest.metrics, manifest.windows, manifest.notes];
  if (lists.some((list) => !Array.isArray(list)))
    throw invalid('lacks a list of checkpoints, metrics, windows or notes');
  const names: unknown = manifest.classNames;
  if (names !== null && !(Array.isArray(names) && names.every((name) => typeof name === 'string'))) {
    throw invalid('has class names that are no texts');
  }
  if (manifest.state !== 'running' && manifest.state !== 'complete') throw invalid('has no state');
  const records: readonly unknown[] = [manifest.config, manifest.data, manifest.model, manifest.versions];
  if (!records.every(isRecord)) throw invalid('lacks its configuration, data, model or versions');
  return manifest;
}

/** SHA-256 of a text, in hexadecimal. */
async function sha256(content: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
