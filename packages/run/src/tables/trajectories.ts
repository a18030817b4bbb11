import { VogError } from '@vogjs/base';
import type { RunStorage } from '../storage/storage.js';
import { encodeColumns, openTable, type TableColumn } from './parquet.js';

export const TRAJECTORIES = 'trajectories.parquet';

/** What each checkpoint said of each example; `[T][N]`: a list of N numbers a checkpoint, in the examples' order. */
export interface Trajectories {
  /** Probability of the label. */
  readonly labelProbability: readonly Float32Array[];
  /** Logit of the label less the largest other. */
  readonly margin: readonly Float32Array[];
  /** Nats. */
  readonly loss: readonly Float32Array[];
  /** Class with the largest logit. */
  readonly predicted: readonly Int32Array[];
}

const FIELDS = ['labelProbability', 'margin', 'loss', 'predicted'] as const satisfies (keyof Trajectories)[];

/** Trajectories of a run, read one checkpoint at a time, or one example over all checkpoints. */
export interface TrajectoriesTable {
  readonly checkpoints: number;
  readonly examples: number;
  /** What one checkpoint said, `[N]`. */
  at<F extends keyof Trajectories>(field: F, checkpoint: number): Promise<Trajectories[F][number]>;
  /** What all checkpoints said of one example, `[T]` each. */
  of(example: number): Promise<{ readonly [F in keyof Trajectories]: number[] }>;
}

/** One row an example, a column a checkpoint and field: `loss.0003`. A row group is read for one example. */
export function encodeTrajectories(trajectories: Trajectories, examples: number): Promise<Uint8Array> {
  const columns: TableColumn[] = [];
  const checkpoints = trajectories.loss.length;
  for (const field of FIELDS) {
    const lists = trajectories[field];
    if (lists.length !== checkpoints || lists.some((list) => list.length !== examples)) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `Trajectories: ${field} must have ${checkpoints} checkpoints of ${examples} examples, as the others have.`,
      );
    }
    for (const [checkpoint, data] of lists.entries()) {
      const name = columnOf(field, checkpoint);
      columns.push(data instanceof Float32Array ? { name, data } : { name, type: 'INT32', nullable: false, data });
    }
  }
  return encodeColumns(columns, { version: '1', checkpoints: String(checkpoints) });
}

export async function openTrajectories(storage: RunStorage, examples: number): Promise<TrajectoriesTable> {
  const table = await openTable(storage, TRAJECTORIES);
  const checkpoints = Number(table.facts['checkpoints']);
  if (table.rows !== examples || !Number.isInteger(checkpoints)) {
    throw new VogError(
      'RUN_INVALID',
      `${TRAJECTORIES} of ${storage.place} has ${table.rows} rows of ${table.facts['checkpoints'] ?? 'unknown'} ` +
        `checkpoints, and run.json says ${examples} examples. Restore it from a copy, or make the run again.`,
    );
  }
  return {
    checkpoints,
    examples,
    async at(field, checkpoint) {
      const values = await table.column(columnOf(field, checkpoint));
      return (field === 'predicted'
        ? Int32Array.from(values as ArrayLike<number>)
        : Float32Array.from(values as ArrayLike<number>)) as unknown as Trajectories[typeof field][number];
    },
    async of(example) {
      const range = { start: example, end: example + 1 };
      const read = (field: keyof Trajectories): Promise<number[]> =>
        Promise.all(
          Array.from({ length: checkpoints }, async (_, checkpoint) =>
            Number((await table.column(columnOf(field, checkpoint), range))[0]),
          ),
        );
      const [labelProbability, margin, loss, predicted] = await Promise.all(FIELDS.map(read));
      return { labelProbability, margin, loss, predicted } as { readonly [F in keyof Trajectories]: number[] };
    },
  };
}

function columnOf(field: string, checkpoint: number): string {
  return `${field}.${String(checkpoint).padStart(4, '0')}`;
}
