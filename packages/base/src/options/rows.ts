import type { Option } from './option.js';
import type { Entries } from './types.js';

/** One row of a table of options in the docs. */
export interface OptionRow {
  readonly name: string;
  /** What it must be, in words. */
  readonly type: string;
  /** The default as code, what its absence means, or 'required'. */
  readonly default: string;
  /** What it does, in one sentence. */
  readonly description: string;
}

/** The rows of a declaration, in its order. Apart from it: a page has no docs to write. */
export function rowsOf({ entries }: { readonly entries: Entries }): readonly OptionRow[] {
  return Object.entries(entries).map(([name, option]) => ({
    name,
    type: option.expected,
    default: defaultOf(option),
    description: option.description ?? '',
  }));
}

function defaultOf({ presence, fallback, absence = '' }: Option<unknown>): string {
  if (presence === 'required') return 'required';
  if (presence === 'optional') return absence;
  if (typeof fallback === 'string') return `'${fallback}'`;
  return Array.isArray(fallback) ? JSON.stringify(fallback) : String(fallback);
}
