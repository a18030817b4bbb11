import { quantile } from '@vogjs/statistics';

/** One column of metadata: texts, truth values or numbers, null where it is missing. */
export type MetadataColumn = ArrayLike<string | number | boolean | null>;

/** Examples that share something. */
export interface Group {
  /** `column=value`, `column in [1, 2)` */
  readonly name: string;
  readonly examples: readonly number[];
}

/** Columns of more texts than that are names or ids, and no groups. */
const MOST_VALUES = 200;
/** Numbers of so few values are groups by themselves. */
const FEW_NUMBERS = 8;

/** The groups of a column: its values, or the quarters of its numbers; what is missing is a group too. */
export function groupsOf(name: string, column: MetadataColumn): Group[] {
  const isMissing = (value: unknown): boolean => value === null || value === '' || Number.isNaN(value);
  const members = new Map<string | number | boolean, number[]>();
  const missing: number[] = [];
  for (let i = 0; i < column.length; i++) {
    const value = column[i] as string | number | boolean | null;
    if (isMissing(value) || value === null) missing.push(i);
    else if (members.has(value)) members.get(value)!.push(i);
    else members.set(value, [i]);
  }
  const values = [...members.keys()];
  const areNumbers = values.length > FEW_NUMBERS && values.every((value) => typeof value === 'number');
  const groups = areNumbers
    ? quarters(name, column, members as Map<number, number[]>)
    : values.length > MOST_VALUES
      ? []
      : [...members].map(([value, examples]) => ({ name: `${name}=${value}`, examples }));
  return missing.length > 0 ? [...groups, { name: `${name} missing`, examples: missing }] : groups;
}

function quarters(name: string, column: MetadataColumn, members: ReadonlyMap<number, number[]>): Group[] {
  const known = Array.from(column).filter(
    (value): value is number => typeof value === 'number' && !Number.isNaN(value),
  );
  const finite = known.filter(Number.isFinite);
  if (finite.length === 0) return [];
  const cuts = [...new Set(quantile(finite, [0.25, 0.5, 0.75]))];
  const bounds = [-Infinity, ...cuts, Infinity];
  const groups = bounds.slice(1).map((high, at): Group => {
    const low = bounds[at]!;
    const examples = [...members].flatMap(([value, own]) =>
      value >= low && (value < high || high === Infinity) ? own : [],
    );
    const [from, to] = [low, high].map((bound) => Number(bound.toPrecision(4)));
    const range = low === -Infinity ? `< ${to}` : high === Infinity ? `>= ${from}` : `in [${from}, ${to})`;
    return { name: `${name} ${range}`, examples };
  });
  return groups.filter(({ examples }) => examples.length > 0);
}
