// Figures of the benchmarks by commit: docs/benchmarks.json, and docs/benchmarks.html, which draws it without a script.
import { appendFileSync } from 'node:fs';
import process from 'node:process';

/** One number of one benchmark. */
export interface Figure {
  /** What was measured, and of what: a line of the page for each. */
  readonly title: string;
  readonly name: string;
  readonly value: number;
  /** `ratio`, `images/s`, … */
  readonly unit: string;
}

/** What one run of `pnpm bench --record` measured. */
export interface Entry {
  readonly commit: string;
  /** `2026-11-28` */
  readonly date: string;
  /** Backend, processor, memory, Node. */
  readonly machine: string;
  /** Of the machine in the minute before: above 1 or so other programs had their part in the figures. */
  readonly load: number;
  readonly figures: readonly Figure[];
}

/** Where a benchmark leaves its figures for `--record`: a file, a JSON object a line. */
const FIGURES = 'VOGJS_BENCH_FIGURES';

/** Remembers figures, where `--record` asked for it. */
export function remember(figures: readonly Figure[]): void {
  const file = process.env[FIGURES];
  if (file === undefined) return;
  for (const figure of figures) appendFileSync(file, `${JSON.stringify(figure)}\n`);
}

/** The history with one more entry; a second run of one commit on one machine takes the place of the figures it has anew. */
export function withEntry(history: readonly Entry[], entry: Entry): Entry[] {
  const isSame = ({ commit, machine }: Entry): boolean => commit === entry.commit && machine === entry.machine;
  const old = history.find(isSame);
  const anew = new Set(entry.figures.map(keyOf));
  const kept = old?.figures.filter((figure) => !anew.has(keyOf(figure))) ?? [];
  return [...history.filter((other) => !isSame(other)), { ...entry, figures: [...kept, ...entry.figures] }];
}

const keyOf = ({ title, name, unit }: Figure): string => JSON.stringify([title, name, unit]);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const [WIDTH, HEIGHT, EDGE] = [320, 64, 8];

interface Point {
  readonly entry: Entry;
  readonly value: number;
}

/** A line from the oldest to the newest; the least value of the axis is 0, so that small moves look small. */
function drawing(points: readonly Point[], unit: string): string {
  const most = Math.max(...points.map(({ value }) => value)) || 1;
  const x = (i: number): number => EDGE + ((WIDTH - 2 * EDGE) * i) / Math.max(1, points.length - 1);
  const y = (value: number): number => HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * value) / most;
  const at = points.map(({ value }, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
  const dots = points.map(({ entry, value }, i) => {
    const told = `${value} ${unit}: ${entry.commit}, ${entry.date}, load ${entry.load}, ${entry.machine}`;
    const fill = entry.load > 2 ? ' class="loaded"' : '';
    return `<circle cx="${x(i).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3"${fill}><title>${escaped(told)}</title></circle>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"><polyline points="${at.join(' ')}"/>${dots.join('')}</svg>`;
}

/** The page: for each title a table, for each figure its last value and its line. */
export function pageOf(history: readonly Entry[]): string {
  const titles = new Map<string, Map<string, { name: string; unit: string; points: Point[] }>>();
  for (const entry of history) {
    for (const figure of entry.figures) {
      const rows = titles.get(figure.title) ?? new Map<string, never>();
      titles.set(figure.title, rows);
      const row = rows.get(keyOf(figure)) ?? { name: figure.name, unit: figure.unit, points: [] };
      rows.set(keyOf(figure), row);
      row.points.push({ entry, value: figure.value });
    }
  }
  const sections = [...titles].map(([title, rows]) => {
    const lines = [...rows.values()].map(({ name, unit, points }) => {
      const last = points.at(-1)!;
      const when = `${last.entry.commit}, ${last.entry.date}`;
      return `<tr><th>${escaped(name)}</th><td>${last.value} ${escaped(unit)}</td><td>${escaped(when)}</td><td>${drawing(points, unit)}</td></tr>`;
    });
    return `<h2>${escaped(title)}</h2>\n<table>\n${lines.join('\n')}\n</table>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Benchmarks by commit</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; font-weight: normal; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid #ddd }
svg { width: ${WIDTH}px; height: ${HEIGHT}px }
polyline { fill: none; stroke: #36c; stroke-width: 1.5 }
circle { fill: #36c }
circle.loaded { fill: #fff; stroke: #36c }
</style>
<h1>Benchmarks by commit</h1>
<p>Drawn from benchmarks.json, oldest to the left, axes from 0. Hollow points were measured under a load above 2: other
programs had their part in them. Point at one for its commit, load and machine.</p>
${sections.join('\n')}
</html>
`;
}
