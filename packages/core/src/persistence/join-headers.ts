import { VogError } from '@vogjs/base';
import type { Findings } from '../run/findings.js';
import type { Position } from '../schedule/position.js';
import { damaged, type Header } from './saved-header.js';

/** What the stretches of one run have alike. */
const SAME = ['chunkSize', 'probe', 'metrics', 'windows'] as const;

/**
 * The header of the state of all stretches of checkpoints of a run.
 *
 * @param headers in the order of their checkpoints
 * @throws VogError STATE_MISMATCH for states of different runs, or of stretches out of order; STATE_INVALID for none
 */
export function joinHeaders(headers: readonly Header[]): Header {
  const [first] = headers;
  if (first === undefined) throw damaged('it is of no stretch of checkpoints at all');
  for (const header of headers) refuseOther(first, header);
  refuseDisorder(headers);
  const classes = headers.map((header) => header.classes ?? null).find((each) => each !== null) ?? null;
  const filledFor = headers.map((header) => header.filledFor ?? null).find((each) => each !== null) ?? null;
  return {
    ...first,
    checkpoints: headers.reduce((sum, { checkpoints }) => sum + checkpoints, 0),
    counts: joinCounts(headers),
    observed: lastOf(headers, 'observed'),
    last: lastOf(headers, 'last'),
    scoredSteps: Object.assign({}, ...headers.map(({ scoredSteps }) => scoredSteps)) as Header['scoredSteps'],
    classes,
    findings: joinFindings(headers),
    filledFor,
  };
}

function refuseOther(first: Header, header: Header): void {
  const other = SAME.find((name) => JSON.stringify(header[name]) !== JSON.stringify(first[name]));
  const isTorn = Object.keys(header.torn ?? {}).length > 0;
  const classes = [first, header].map((each) => each.classes ?? null);
  const differs = classes.every((each) => each !== null) && classes[0] !== classes[1];
  const what = other ?? (isTorn ? 'torn' : differs ? 'classes' : undefined);
  if (what === undefined) return;
  throw new VogError(
    'STATE_MISMATCH',
    what === 'torn'
      ? `A stretch has metrics that failed: ${Object.keys(header.torn ?? {}).join(', ')}. Score it again.`
      : `States of different runs cannot be joined: their ${what} differ. Score both with the same data, metrics and options.`,
  );
}

function refuseDisorder(headers: readonly Header[]): void {
  const ends = headers.flatMap(({ observed }) => (observed === null ? [] : [observed]));
  for (const [at, end] of ends.entries()) {
    const before = ends[at - 1];
    if (before === undefined || isAfter(end, before)) continue;
    throw new VogError(
      'STATE_MISMATCH',
      `A stretch that ends in epoch ${end.epoch}, step ${end.step}, comes after one that ends in epoch ${before.epoch}, step ${before.step}. Join stretches in the order of training.`,
    );
  }
}

/** Steps stand still where only epochs are told. */
function isAfter(a: Position, b: Position): boolean {
  return a.epochsCompleted > b.epochsCompleted || (a.epochsCompleted === b.epochsCompleted && a.step > b.step);
}

function joinCounts(headers: readonly Header[]): Header['counts'] {
  const joined: Record<string, Record<string, number>> = {};
  for (const [metric, counts] of headers.flatMap((header) => Object.entries(header.counts))) {
    const own = Object.hasOwn(joined, metric) ? (joined[metric] as Record<string, number>) : {};
    for (const [segment, count] of Object.entries(counts)) own[segment] = (own[segment] ?? 0) + count;
    joined[metric] = own;
  }
  return joined;
}

function joinFindings(headers: readonly Header[]): Findings {
  const found = headers.map(({ findings }) => findings ?? { notFinite: [], zeroGradients: [] });
  const zero = new Map<string, number>();
  for (const [metric, count] of found.flatMap(({ zeroGradients }) => zeroGradients)) {
    zero.set(metric, (zero.get(metric) ?? 0) + count);
  }
  return { notFinite: found.flatMap(({ notFinite }) => notFinite), zeroGradients: [...zero] };
}

function lastOf(headers: readonly Header[], name: 'observed' | 'last'): Header['last'] {
  return headers.findLast((header) => header[name] !== null)?.[name] ?? null;
}
