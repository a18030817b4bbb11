// What values are allowed, as far as wrong ones can be told from right ones.

/** What a value may be: what is left out here is tried as a wrong value. */
type Kind =
  | 'number'
  | 'string'
  | 'boolean'
  | 'bigint'
  | 'null'
  | 'undefined'
  | 'array'
  | 'function'
  | 'promise'
  | 'object'
  | 'anything';

/** A type, as far as wrong values can be told from right ones. */
export interface Shape {
  readonly kinds: ReadonlySet<Kind>;
  /** The strings that are allowed, where it is a choice. */
  readonly choices: readonly string[];
  /** Members of an object of options, by name; null for objects of another kind. */
  readonly members: ReadonlyMap<string, Member> | null;
}

export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly shape: Shape;
}

export const anything: Shape = { kinds: new Set<Kind>(['anything']), choices: [], members: null };
export const only = (...kinds: Kind[]): Shape => ({ kinds: new Set(kinds), choices: [], members: null });

/** What either allows. */
export function union(a: Shape, b: Shape): Shape {
  const kinds = new Set([...a.kinds, ...b.kinds]);
  // Any string beside a list of strings: then it is no choice.
  const free = [a, b].some(({ kinds: each, choices }) => each.has('string') && choices.length === 0);
  return { kinds, choices: free ? [] : [...a.choices, ...b.choices], members: a.members ?? b.members };
}
