/** One column of a table: its heading, and whether its cells are numbers, which are set to the right. */
export interface Column {
  readonly heading: string;
  readonly isNumber: boolean;
}

/** A Markdown table whose columns are also aligned as plain text, for terminal and document alike. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ heading }, c) =>
    Math.max(heading.length, 3, ...rows.map((row) => (row[c] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${columns
      .map(({ isNumber }, c) => {
        const cell = cells[c] ?? '';
        const width = widths[c] as number;
        return isNumber ? cell.padStart(width) : cell.padEnd(width);
      })
      .join(' | ')} |`;
  const rule = columns.map(({ isNumber }, c) => {
    const width = widths[c] as number;
    return isNumber ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
  });
  return [line(columns.map(({ heading }) => heading)), line(rule), ...rows.map(line)].join('\n');
}

export const text = (heading: string): Column => ({ heading, isNumber: false });
export const number = (heading: string): Column => ({ heading, isNumber: true });

/** A p-value as people read it; tiny ones by their power of ten, since they underflow. */
export function formatP({ p, logP }: { readonly p: number; readonly logP: number }): string {
  if (p >= 0.001) return p.toFixed(3);
  if (logP === -Infinity) return '0';
  const power = Math.floor(logP / Math.LN10);
  const digits = 10 ** (logP / Math.LN10 - power);
  // 9.96 is 10.0 to one digit after the point, the next power.
  return digits >= 9.95 ? `1.0e${power + 1}` : `${digits.toFixed(1)}e${power}`;
}

/** With an explicit sign, so that a column of correlations shows it. */
export function signed(value: number, digits = 2): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(digits)}`;
}

/** A share as the tables give it: "5.0 %". */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
