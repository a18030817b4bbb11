import type { ScoresTable } from '@vogjs/run';
import type { ServedRun } from '../runs/served-run.js';

/** One of two runs, as far as they are compared. */
export interface Side {
  readonly name: string;
  readonly table: ScoresTable;
  readonly ids: readonly (string | number)[];
  readonly rows: ReadonlyMap<string, number>;
  /** Names of labels and of predictions, by row; null where the run has none. */
  readonly labels: readonly (string | null)[] | null;
  readonly predicted: readonly (string | null)[] | null;
  /** Class of the largest probability of networks that had not trained on the example. */
  readonly heldOut: readonly (string | null)[] | null;
  /** Decisions that stand, by row. */
  readonly decisions: ReadonlyMap<number, string>;
}

const HELD_OUT = /^held-out\.probability(\d+)$/;

export async function readSide(served: ServedRun): Promise<Side> {
  const { run } = await served.open();
  const table = await served.table(run);
  const { ids, rows } = await served.rowIds(run);
  const { classNames } = run.manifest;
  // Numbers of classes may mean another class in the other run.
  const named = (classes: Int32Array | null): (string | null)[] | null =>
    classes === null ? null : Array.from(classes, (each) => (each < 0 ? null : (classNames?.[each] ?? String(each))));
  const { standing } = await run.reviews();
  return {
    name: served.name,
    table,
    ids,
    rows,
    labels: named(await table.labels()),
    predicted: named(await table.predicted()),
    heldOut: named(await heldOutOf(table)),
    decisions: new Map(
      [...standing].flatMap(([id, { decision }]) => {
        const row = rows.get(String(id));
        return row === undefined ? [] : [[row, decision] as const];
      }),
    ),
  };
}

/** Null where the run has no such networks; -1 where one gave no probability. */
async function heldOutOf(table: ScoresTable): Promise<Int32Array | null> {
  const columns = table.columns.filter(({ name }) => HELD_OUT.test(name));
  if (columns.length === 0) return null;
  const best = new Float32Array(table.examples).fill(Number.NEGATIVE_INFINITY);
  const classes = new Int32Array(table.examples).fill(-1);
  for (const { name } of columns) {
    const label = Number(HELD_OUT.exec(name)?.[1]);
    for (const [row, value] of (await table.values(name)).entries()) {
      if (!(value > (best[row] as number))) continue;
      best[row] = value;
      classes[row] = label;
    }
  }
  return classes;
}
