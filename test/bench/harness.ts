// Timing of variants against each other, in one process and in turns: A B, B A, A B ... What the machine does meanwhile
// happens to all of them, so the ratio within a round is steadier than any time.
import { remember } from './history.js';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Result {
  readonly name: string;
  /** Milliseconds of one run. */
  readonly milliseconds: Spread;
  /** Time over the baseline's time in the same round. */
  readonly ratio: Spread;
}

export interface Target {
  /** The median ratio to the baseline must not be above this. */
  readonly atMost?: number;
  /** The median ratio to the baseline must not be below this. */
  readonly atLeast?: number;
}

export interface CompareOptions<Name extends string> {
  /** The variant that the others are divided by; the first one by default. */
  readonly baseline?: Name;
  /** Rounds that count; each variant runs once in each. The default is 15, or `pnpm bench --rounds`. */
  readonly rounds?: number;
  /** Rounds before, that do not count: compilation, caches, allocation. The default is 2. */
  readonly warmup?: number;
  /** Work of one run, for a rate: `{ count: 256, unit: 'images' }`. */
  readonly work?: { readonly count: number; readonly unit: string };
  /** What must hold; a missed target makes the benchmark fail. */
  readonly targets?: Partial<Record<Name, Target>>;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
  readonly print?: (text: string) => void;
}

/** Median (the mean of the middle two for an even count), least and greatest of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1) };
}

/** One line that says where the numbers come from. `backend` is the caller's: TensorFlow.js is not known here. */
export function machineLine(backend: string): string {
  const [cpu] = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const machine = `${availableParallelism()} x ${cpu?.model.trim() ?? 'unknown CPU'}, ${memory}, ${platform()} ${arch()}`;
  return `backend ${backend} | ${machine} | Node ${process.version}`;
}

/** Processor time of this process, all its threads, in milliseconds: what others do on the machine hardly moves it. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The rounds that were asked for on the command line, or `fallback`. */
export function roundsOr(fallback: number): number {
  return Number(process.env['VOGJS_BENCH_ROUNDS'] ?? fallback);
}

const rounded = (value: number): number => Number(value.toPrecision(4));

function verdict(ratio: number, { atMost, atLeast }: Target): { text: string; met: boolean } {
  const met = (atMost === undefined || ratio <= atMost) && (atLeast === undefined || ratio >= atLeast);
  const limits = [atMost !== undefined && `at most ${atMost}`, atLeast !== undefined && `at least ${atLeast}`];
  return { text: `${limits.filter(Boolean).join(', ')}: ${met ? 'met' : 'MISSED'}`, met };
}

/** A table with aligned columns: the first to the left, the rest to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}

/**
 * Times the variants in turns and prints a table. A run must do all its work before it returns or resolves: read a
 * result back where the backend is asynchronous. A missed target sets the exit code.
 */
export async function compare<Name extends string>(
  title: string,
  variants: Readonly<Record<Name, () => unknown>>,
  options: CompareOptions<Name> = {},
): Promise<Record<Name, Result>> {
  const { rounds = roundsOr(15), warmup = 2, work, now = () => performance.now(), print = console.log } = options;
  const names = Object.keys(variants) as Name[];
  const baseline = options.baseline ?? names[0];
  if (baseline === undefined || !(baseline in variants)) throw new RangeError(`no variant is named ${baseline}`);
  if (!(rounds >= 1)) throw new RangeError(`rounds must be at least 1, got ${rounds}`);
  const targets: Partial<Record<string, Target>> = options.targets ?? {};

  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -warmup; round < rounds; round++) {
    // The order alternates: whoever follows whom is the same for both, over two rounds.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const begin = now();
      await variants[name]();
      if (round >= 0) times.get(name)?.push(now() - begin);
    }
  }

  const reference = times.get(baseline) ?? [];
  const results = names.map((name): Result => {
    const own = times.get(name) ?? [];
    const ratios = own.map((time, round) => time / (reference[round] ?? Number.NaN));
    return { name, milliseconds: spreadOf(own), ratio: spreadOf(ratios) };
  });

  const range = ({ min, max }: Spread, digits: number) => `${min.toFixed(digits)} - ${max.toFixed(digits)}`;
  const header = ['', 'median ms', 'min - max', ...(work ? [`${work.unit}/s`] : []), 'ratio', 'min - max', 'target'];
  const rows = results.map(({ name, milliseconds, ratio }) => {
    const target = targets[name];
    const judged = target && verdict(ratio.median, target);
    if (judged?.met === false) process.exitCode = 1;
    const rate = work && ((work.count * 1000) / milliseconds.median).toFixed(0);
    const times = [name, milliseconds.median.toFixed(2), range(milliseconds, 2)];
    const ratios = [ratio.median.toFixed(3), range(ratio, 3), judged?.text ?? ''];
    return [...times, ...(rate === undefined ? [] : [rate]), ...ratios];
  });
  print(`\n${title} (${rounds} rounds, ratio to ${baseline})\n${table([header, ...rows])}`);
  remember(
    results.flatMap(({ name, milliseconds, ratio }) =>
      name === baseline
        ? [{ title, name, value: rounded(milliseconds.median), unit: 'ms' }]
        : [{ title, name, value: rounded(ratio.median), unit: `of ${baseline}` }],
    ),
  );
  return Object.fromEntries(results.map((result) => [result.name, result])) as Record<Name, Result>;
}
