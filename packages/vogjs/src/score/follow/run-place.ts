import { basename, extname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { shown, VogError } from '@vogjs/base';
import { kebab } from '../../command/flags.js';
import { createRun, openRun, type ManifestInit, type Run, type RunWriter } from '@vogjs/run';

/** Where a run is written, and what is there already. */
export interface RunPlace {
  readonly folder: string;
  /** The run that is there, whole or begun, made of the same options and data; null where there is none. */
  readonly before: Run | null;
}

/** `runs/photos` for `./photos/` and `data/photos.npy`. */
export function defaultFolder(source: string): string {
  const name = basename(source.replace(/[/\\]+$/, ''), extname(source));
  return join('runs', name === '' || name === '.' ? 'run' : name);
}

/** What must be equal for a run to be gone on with, and is kept in it: all that moves numbers. */
function identityOf(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { out: _, failAbove: __, ...rest } = config;
  return JSON.parse(JSON.stringify(rest)) as Record<string, unknown>;
}

/**
 * Looks at the place of a run before anything is computed.
 *
 * @throws VogError RUN_EXISTS for a run of other options, data, network or checkpoints
 */
export async function lookAt(
  folder: string,
  config: Readonly<Record<string, unknown>>,
  made: { readonly data: string; readonly model: string | null },
): Promise<{ readonly config: Record<string, unknown>; readonly place: RunPlace }> {
  const before = await runAt(folder);
  const asked = identityOf(config);
  if (before === null) return { config: asked, place: { folder, before } };
  const { config: kept, data, model } = before.manifest;
  const names = new Set([...Object.keys(asked), ...Object.keys(kept)]);
  const changed = [...names].filter((name) => !isDeepStrictEqual(asked[name], kept[name]));
  const other = [
    ...changed.map(
      (name) => `has other options: ${kebab(name)} was ${valueOf(kept[name])}, and is ${valueOf(asked[name])} now`,
    ),
    ...(data.fingerprint === made.data ? [] : ['is of other data']),
    ...(model.hash === made.model ? [] : ['is of another network, or of other checkpoints']),
  ];
  if (other.length === 0) return { config: asked, place: { folder, before } };
  throw new VogError('RUN_EXISTS', `The run in '${folder}' ${other[0]}. Give another --out, or remove that folder.`);
}

function valueOf(option: unknown): string {
  return option === undefined ? 'not given' : shown(option);
}

/** The run in a folder; null where there is none. */
export async function runAt(folder: string): Promise<Run | null> {
  try {
    return await openRun(folder);
  } catch (error) {
    if (error instanceof VogError && error.code === 'RUN_ABSENT') return null;
    throw error;
  }
}

/** Begins the run in its place, or goes on with it. */
export function beginRun({ folder, before }: RunPlace, init: ManifestInit): Promise<RunWriter> {
  if (before === null) return createRun(folder, init);
  return createRun(folder, { ...init, checkpoints: before.manifest.checkpoints }, { replace: 'resume' });
}
