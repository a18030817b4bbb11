import { isRecord, parseJson, shown, VogError } from '@vogjs/base';
import { absent, type RunStorage } from './storage.js';

/** A file of JSON that says its version, as read; `invalid` is the error of what else is wrong with it. */
export interface Versioned {
  readonly value: Readonly<Record<string, unknown>>;
  readonly invalid: (why: string, cause?: unknown) => VogError;
}

/** What a file should be. */
export interface Expected {
  readonly latest: number;
  /** Its `format`, of files that have one, and what that is called. */
  readonly format?: readonly [value: string, name: string];
  /** What to do about a damaged one. */
  readonly remedy?: string;
}

/**
 * Reads an object of JSON whose `version` is 1 to `latest`.
 *
 * @throws VogError RUN_ABSENT, RUN_INVALID, RUN_VERSION
 */
export async function readVersioned(
  storage: RunStorage,
  name: string,
  { latest, format, remedy = 'Restore it from a copy, or make the run again.' }: Expected,
): Promise<Versioned> {
  if ((await storage.size(name)) === null) throw absent(storage.place, name);
  const invalid = (why: string, cause?: unknown): VogError =>
    new VogError('RUN_INVALID', `${name} of ${storage.place} ${why}. ${remedy}`, { cause });
  let value: unknown;
  try {
    value = parseJson(new TextDecoder().decode(await storage.read(name)));
  } catch (error) {
    throw invalid('is damaged', error);
  }
  if (!isRecord(value)) throw invalid('is no object');
  if (format !== undefined && value['format'] !== format[0]) throw invalid(`is not ${format[1]}`);
  const { version } = value;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw invalid(`has the version ${shown(version)}`);
  }
  if (version > latest) throw tooNew(storage.place, name, version, latest);
  return { value, invalid };
}

/** The error of a file that a later version of this program wrote. */
export function tooNew(place: string, name: string, version: number | string, latest: number): VogError {
  return new VogError(
    'RUN_VERSION',
    `${name} of ${place} has version ${version}, and this program reads up to ${latest}. Update VoG.js.`,
  );
}
