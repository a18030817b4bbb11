// Tables of options in the docs, made of the declarations themselves.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OptionRow, rowsOf } from '@vogjs/base/options';
import { allMetrics } from '@vogjs/metrics';
import { allDetectors } from '@vogjs/ood';

/** A plugin's part in a table. */
interface Documented {
  readonly definition: { readonly call: string; readonly options: Parameters<typeof rowsOf>[0] };
}

/** Each page with a table, and whose options it shows. */
const PAGES: readonly {
  readonly page: string;
  readonly kind: string;
  readonly plugins: readonly Documented[];
}[] = [
  { page: 'docs/metrics.md', kind: 'metric', plugins: allMetrics },
  { page: 'docs/ood-detectors.md', kind: 'detector', plugins: allDetectors },
];

const root = fileURLToPath(new URL('../..', import.meta.url));
const [BEGIN, END] = ['<!-- options: made by pnpm run docs -->', '<!-- end of options -->'];

/** A page as it should be: with the table of today's declarations between its two marks. */
export function withTable(text: string, kind: string, plugins: readonly Documented[]): string {
  const [before, rest] = splitAt(text, BEGIN);
  const [, after] = splitAt(rest, END);
  return `${before}${BEGIN}\n${tableOf(kind, plugins)}\n${END}${after}`;
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  if (at === -1) throw new Error(`a page with a table of options needs the line ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

function tableOf(kind: string, plugins: readonly Documented[]): string {
  const rows = plugins.flatMap(({ definition: { call, options } }) =>
    rowsOf(options)
      // Every plugin has one; the text above the table says so.
      .filter(({ name }) => name !== 'name')
      .map((row) => cells(call, row)),
  );
  return [`| ${kind} | option | must be | default | |`, '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function cells(call: string, { name, type, default: fallback, description }: OptionRow): string {
  // What stands for a value is code; what a lacking value means, in words, is not.
  const isCode = /^('.*'|[\d.-]+|true|false|null|\[.*\])$/.test(fallback);
  const cell = [`\`${call}\``, `\`${name}\``, type, isCode ? `\`${fallback}\`` : fallback, description];
  return `| ${cell.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** Writes the tables, or tells the pages that are behind. */
export function updatePages(check: boolean): string[] {
  return PAGES.flatMap(({ page, kind, plugins }) => {
    const file = join(root, page);
    const text = readFileSync(file, 'utf8');
    const wanted = withTable(text, kind, plugins);
    if (wanted === text) return [];
    if (!check) writeFileSync(file, wanted);
    return [page];
  });
}
