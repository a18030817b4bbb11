import type { RunManifest } from '@vogjs/run';

/** What a next run chooses anew. */
const OWN = new Set(['data', 'out', 'failAbove', 'corrections']);
/** Values that say no more than leaving the option out. */
const SILENT = new Set<unknown>(['auto', 'tfjs', false, null, undefined]);

/**
 * The command that makes a run like this one from corrected data.
 *
 * @param place of the run
 * @param file of its corrections
 * @returns null for a run that `vogjs score` did not make, or not by training
 */
export function trainAgain({ config }: RunManifest, place: string, file: string): string | null {
  const { data, logits, checkpoints, corrections } = config;
  if (typeof data !== 'string' || logits !== undefined || checkpoints !== undefined) return null;
  const flags = Object.entries(config).flatMap(([name, value]) =>
    OWN.has(name) || SILENT.has(value) ? [] : [flagOf(name, value)],
  );
  // The run itself may be of corrected data: then its corrections come first.
  const files = [...(Array.isArray(corrections) ? corrections.map(String) : []), file];
  const own = [flagOf('corrections', files), flagOf('out', `${place.replace(/[/\\]+$/, '')}-corrected`)];
  return ['npx vogjs score', quoted(data), ...flags, ...own].join(' ');
}

/** `batchSize: 64` -> `--batch-size 64` */
function flagOf(name: string, value: unknown): string {
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === true) return flag;
  return `${flag} ${quoted(Array.isArray(value) ? value.map(String).join(',') : String(value))}`;
}

/** For shells of POSIX. */
function quoted(text: string): string {
  return /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
