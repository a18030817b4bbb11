import { isRecord, parseJson, VogError } from '@vogjs/base';
import type { ProbeFingerprint } from '../probe/fingerprint.js';
import type { Position } from '../schedule/position.js';
import type { Windows } from '../schedule/segments.js';
import type { Findings } from '../run/findings.js';

/** Version of the layout below. A reader refuses newer ones. */
export const FORMAT_VERSION = 1;

/** What a saved state says beside its tensors. */
export interface Header {
  readonly version: number;
  readonly checkpoints: number;
  /** By metric and segment: which states there are. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly observed: Position | null;
  readonly last: Position | null;
  readonly scoredSteps: Readonly<Record<string, number>>;
  readonly chunkSize: number;
  readonly probe: ProbeFingerprint;
  readonly metrics: readonly MetricVariant[];
  readonly windows: Windows;
  /** Number of classes of the model; null or not there when no model had told it. */
  readonly classes?: number | null;
  /** What notes say of this run; files before these have none. */
  readonly findings?: Findings;
  /** What its windows by fraction were filled for. */
  readonly filledFor?: number | null;
  /** Metrics whose states were left half-way by an error, and that error's words: the file has no states of theirs. Files before these have none. */
  readonly torn?: Readonly<Record<string, string>>;
}

/** Which metric, exactly. */
export interface MetricVariant {
  readonly name: string;
  readonly version: number;
  readonly options: unknown;
}

/**
 * Reads the text of a header; what is wrong in it is left to `checkHeader`, once the checksum was right.
 *
 * @throws VogError STATE_INVALID for what is no header at all, STATE_VERSION
 */
export function parseHeader(text: string): { readonly header: object; readonly checksum: unknown } {
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch {
    throw damaged('its header is not JSON');
  }
  if (!isRecord(parsed) || !isCount(parsed['version']) || parsed['version'] === 0) {
    throw damaged('its header has no version');
  }
  if (parsed['version'] > FORMAT_VERSION) {
    throw new VogError(
      'STATE_VERSION',
      `The saved state has layout version ${parsed['version']}; this VoG.js reads up to ${FORMAT_VERSION}. Update @vogjs/core to load it.`,
    );
  }
  const { checksum, ...header } = parsed;
  return { header, checksum };
}

/**
 * Checks every field of a header for itself and against the others.
 *
 * @param segments names of the stretches of training that have states of their own
 * @throws VogError STATE_INVALID that names the field
 */
export function checkHeader(header: object): Header {
  const fields = header as Record<string, unknown>;
  const { checkpoints, counts, observed, last, scoredSteps, chunkSize, probe, metrics, windows, classes } = fields;
  const { findings, filledFor, torn = {} } = fields;
  const refuse = (field: string, expected: string): never => {
    const got = JSON.stringify(fields[field]) ?? 'nothing';
    throw damaged(`${field} is ${got.length > 100 ? `${got.slice(0, 100)}…` : got}, expected ${expected}`);
  };

  if (!isCount(checkpoints)) return refuse('checkpoints', 'a whole number >= 0');
  if (!isProbe(probe)) return refuse('probe', '{ size, shapes, labels, ids }');
  if (!isCount(chunkSize) || chunkSize < 1 || chunkSize > Math.max(1, probe.size)) {
    return refuse('chunkSize', `a whole number from 1 to the probe's size, ${probe.size}`);
  }
  if (!Array.isArray(metrics) || !metrics.every(isVariant)) return refuse('metrics', 'a list of { name, version }');
  if (!isRecord(windows) || !Object.values(windows).every(isRange)) return refuse('windows', 'ranges by name');
  if (classes !== undefined && classes !== null && !(isCount(classes) && classes > 0)) {
    return refuse('classes', 'a whole number > 0, or null');
  }
  if (findings !== undefined && !isFindings(findings)) return refuse('findings', '{ notFinite, zeroGradients }');
  if (filledFor !== undefined && filledFor !== null && !(isCount(filledFor) && filledFor > 0)) {
    return refuse('filledFor', 'a whole number > 0, or null');
  }

  const names = new Set((metrics as MetricVariant[]).map(({ name }) => name));
  if (
    !isRecord(counts) ||
    !Object.values(counts).every((each) => isRecord(each) && Object.values(each).every(isCount))
  ) {
    return refuse('counts', 'whole numbers by metric and window');
  }
  const totals = Object.values(counts as Header['counts']).map((each) =>
    Object.values(each).reduce((sum, count) => sum + count, 0),
  );
  const total = totals.reduce((sum, count) => sum + count, 0);
  if (!isRecord(torn) || !Object.entries(torn).every(([name, why]) => names.has(name) && typeof why === 'string')) {
    return refuse('torn', `words by metric, of ${[...names].join(', ')}`);
  }
  const stray = Object.keys(torn).find((name) => Object.hasOwn(counts, name));
  if (stray !== undefined) return refuse('torn', `no metric that has states, as ${stray} has`);
  // A checkpoint of a torn metric alone is in nobody's count.
  const isLow = total < checkpoints && Object.keys(torn).length === 0;
  if (totals.some((count) => count > checkpoints) || isLow) {
    return refuse('counts', `counts that agree with ${checkpoints} checkpoints`);
  }
  if (Object.keys(counts).some((name) => !names.has(name)))
    return refuse('counts', `metrics among ${[...names].join(', ')}`);

  if (observed !== null && !isPosition(observed)) return refuse('observed', 'a position in training, or null');
  if (last !== null && !isPosition(last)) return refuse('last', 'a position in training, or null');
  if ((last === null) !== (checkpoints === 0) || (last !== null && observed === null)) {
    return refuse('last', `a position that agrees with ${checkpoints} checkpoints`);
  }
  if (
    !isRecord(scoredSteps) ||
    !Object.entries(scoredSteps).every(([name, step]) => names.has(name) && isNumber(step))
  ) {
    return refuse('scoredSteps', 'steps by metric');
  }
  return header as Header;
}

/** A saved state that cannot be trusted: what is wrong with it. */
export function damaged(problem: string): VogError {
  // A file may say anything at any length, and a message must not.
  const short = problem.length <= 500 ? problem : `${problem.slice(0, 500)}…`;
  return new VogError('STATE_INVALID', `The saved state is damaged: ${short}. Load an earlier save.`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function isProbe(value: unknown): value is ProbeFingerprint {
  return (
    isRecord(value) &&
    isCount(value['size']) &&
    Array.isArray(value['shapes']) &&
    value['shapes'].every((shape) => Array.isArray(shape) && shape.every(isCount)) &&
    (value['labels'] === null || typeof value['labels'] === 'string') &&
    typeof value['ids'] === 'string'
  );
}

function isVariant(value: unknown): value is MetricVariant {
  return (
    isRecord(value) && typeof value['name'] === 'string' && isCount(value['version']) && isRecord(value['options'])
  );
}

/** JSON has no infinity: an open end is null. */
function isRange(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value['unit'] === 'string' &&
    typeof value['from'] === 'number' &&
    (value['to'] === null || typeof value['to'] === 'number')
  );
}

function isFindings(value: unknown): boolean {
  if (!isRecord(value) || !Array.isArray(value['notFinite']) || !Array.isArray(value['zeroGradients'])) return false;
  const isFound = (found: unknown): boolean =>
    isRecord(found) &&
    isPosition(found['position']) &&
    Array.isArray(found['metrics']) &&
    found['metrics'].every((name) => typeof name === 'string') &&
    typeof found['window'] === 'string' &&
    isCount(found['examples']) &&
    isCount(found['total']) &&
    typeof found['skipped'] === 'boolean';
  const isCounted = (entry: unknown): boolean =>
    Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && isCount(entry[1]);
  return value['notFinite'].every(isFound) && value['zeroGradients'].every(isCounted);
}

function isPosition(value: unknown): value is Position {
  if (!isRecord(value)) return false;
  const { epoch, epochsCompleted, step, progress } = value;
  return (
    isCount(epoch) &&
    (epochsCompleted === epoch || epochsCompleted === epoch + 1) &&
    isNumber(step) &&
    (progress === null || (isNumber(progress) && progress <= 1))
  );
}
