import { createRequire } from 'node:module';
import { hashOf } from '../data/content.js';
import type { Dataset } from '../data/dataset.js';
import type { Scoring } from '../follow/work.js';
import { shapesOf } from '../training/batches.js';
import { rowsContent } from './contents.js';
import type { By, Grid, Rows } from './cut.js';
import type { Stretch } from './stretches.js';

/** What must be the same in all shards of a run. */
export interface ShardFacts {
  /** What they are parts of. */
  readonly by: By;
  /** Version of this program. */
  readonly program: string;
  /** Backend and its version: another one rounds differently. */
  readonly backend: string;
  /** Metrics with their options, windows, names of weights. */
  readonly scoring: string;
  /** Examples a chunk: another grid rounds differently. */
  readonly grid: string;
  /** Names, labels and shapes of all examples. */
  readonly examples: string;
  /** Names of the checkpoints, and a hash of their files. */
  readonly checkpoints: string;
}

/** How a difference is named; of what people can read, both sides are told. */
const WORDS: Readonly<Record<keyof ShardFacts, readonly [words: string, readable: boolean]>> = {
  by: ['another --by', true],
  program: ['another version of VoG.js', true],
  backend: ['another backend', true],
  scoring: ['other metrics, windows or layout', false],
  grid: ['another chunk size', true],
  examples: ['other examples or labels', false],
  checkpoints: ['other checkpoints', false],
};

/** The facts of a run that is done in parts. */
export async function factsOf(
  { following, checkpoints }: Scoring,
  grid: Grid,
  backend: string,
  layout: string,
  by: By,
): Promise<ShardFacts> {
  const { metrics, windows, dataset } = following;
  return {
    by,
    program: programVersion(),
    backend,
    scoring: JSON.stringify([
      metrics.map(({ name, version, options }) => [name, version, options]),
      windows ?? null,
      layout,
    ]),
    grid: `${grid.examples} in chunks of ${grid.chunkSize}`,
    examples: hashOf(namesOf(dataset)),
    checkpoints: hashOf([...checkpoints.sources, await checkpoints.content()]),
  };
}

/** Which part of a run a shard is. */
export interface Piece {
  readonly rows: Rows;
  /** Of a shard by checkpoints, whose rows are all. */
  readonly stretch?: Stretch | undefined;
}

/** What a shard is called: its part, and a hash of all that goes into it. */
export async function shardName(dataset: Dataset, facts: ShardFacts, piece: Piece, grid: Grid): Promise<string> {
  return nameOf(facts, piece, await rowsContent(dataset, piece.rows, grid));
}

/** @param content hash of the numbers of its rows */
export function nameOf(facts: ShardFacts, { rows, stretch }: Piece, content: string): string {
  const hash = hashOf([...Object.values(facts as unknown as Record<string, string>), content]);
  const { start, end } = stretch ?? rows;
  return `shard-${stretch === undefined ? '' : 'checkpoints-'}${padded(start)}-${padded(end)}-${hash.slice(0, 16)}`;
}

/** How two shards, or a shard and what is there now, differ, as the end of a sentence; null where they do not. */
export function difference(theirs: ShardFacts, ours: ShardFacts): string | null {
  const names = Object.keys(WORDS) as (keyof ShardFacts)[];
  const name = names.find((each) => theirs[each] !== ours[each]);
  if (name === undefined) return null;
  const [words, isReadable] = WORDS[name];
  return isReadable ? `${words} (${theirs[name]}, not ${ours[name]})` : words;
}

function namesOf({ ids, labels, classNames, inputs }: Dataset): string[] {
  return [
    JSON.stringify(shapesOf(inputs)),
    JSON.stringify(ids),
    JSON.stringify(labels === undefined ? null : Array.from(labels)),
    JSON.stringify(classNames ?? null),
  ];
}

function programVersion(): string {
  return (createRequire(import.meta.url)('../../../package.json') as { version: string }).version;
}

function padded(row: number): string {
  return String(row).padStart(8, '0');
}
