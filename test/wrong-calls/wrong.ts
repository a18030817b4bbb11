// Wrong arguments for a signature: one thing wrong at a time, in an otherwise right call.
import type { Member, Shape } from './shape.js';
import type { Signature } from './types.js';

/** A call that should be refused. */
export interface WrongCall {
  /** Where the wrong value stands: `createTracker(options.chunkSize)`. */
  readonly place: string;
  /** What stands there. */
  readonly wrong: string;
  readonly args: readonly unknown[];
}

interface Wrong {
  readonly label: string;
  readonly value: unknown;
}

const MISSING = Symbol('left out');

/** Every value that the shape does not allow. */
function wrongValues({ kinds, choices, members }: Shape, right: unknown): Wrong[] {
  const wrong: Wrong[] = [];
  const add = (label: string, value: unknown): void => void wrong.push({ label, value });
  const has = (...names: Parameters<typeof kinds.has>[0][]): boolean => names.some((name) => kinds.has(name));
  if (has('anything')) return wrong;
  if (!has('null')) add('null', null);
  if (!has('number', 'bigint')) add('5', 5);
  if (has('number')) {
    add('NaN', Number.NaN);
    add('-1', -1);
    if (!has('bigint')) add('1n', 1n);
  }
  if (!has('string')) add("'nonsense'", 'nonsense');
  else if (choices.length > 0) add(`'${choices[0]}' misspelt`, `${choices[0]}x`);
  else add("''", '');
  if (!has('boolean')) add('true', true);
  if (!has('function')) add('a function', () => 1);
  if (!has('array')) add('[]', []);
  // An empty object is a right value where every member may be left out.
  const required = [...(members?.values() ?? [])].some(({ optional }) => !optional);
  if (!has('object') || required) add('{}', {});
  if (!has('promise') && right !== undefined) add('a promise of the right value', Promise.resolve(right));
  return wrong;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** All calls with one thing wrong. */
export function wrongCalls(owner: string, { name, parameters }: Signature, right: readonly unknown[]): WrongCall[] {
  const calls: WrongCall[] = [];
  const title = owner === '' ? name : `${owner}.${name}`;
  for (const [i, parameter] of parameters.entries()) {
    const at = (value: unknown): unknown[] => {
      const args = [...right];
      while (args.length < i) args.push(undefined);
      args[i] = value;
      return args;
    };
    for (const { path, label, value } of wrongAt(parameter, right[i], 2)) {
      calls.push({ place: `${title}(${path})`, wrong: label, args: value === MISSING ? right.slice(0, i) : at(value) });
    }
  }
  return calls;
}

interface Placed {
  readonly path: string;
  readonly label: string;
  readonly value: unknown;
}

/** Wrong values of a parameter or member, and, of an object of options, of its members in it. */
function wrongAt(member: Member, right: unknown, depth: number): Placed[] {
  const { name, optional, shape } = member;
  const placed: Placed[] = wrongValues(shape, right).map((wrong) => ({ path: name, ...wrong }));
  if (!optional) placed.push({ path: name, label: 'left out', value: MISSING });
  const { members } = shape;
  if (members === null || members.size === 0 || depth === 0 || !(isPlain(right) || right === undefined)) return placed;
  const base = isPlain(right) ? right : {};
  // Where the member may be an array or a function, an object of another kind may stand beside it; the right one tells.
  if (!isPlain(right) && !optional) return placed;
  for (const inner of members.values()) {
    for (const { path, label, value } of wrongAt(inner, base[inner.name], depth - 1)) {
      const { [inner.name]: _, ...rest } = base;
      placed.push({
        path: `${name}.${path}`,
        label,
        value: value === MISSING ? rest : { ...base, [inner.name]: value },
      });
    }
    const misspelt = `${inner.name}s`;
    if (members.has(misspelt)) continue;
    const { [inner.name]: value, ...rest } = base;
    placed.push({
      path: `${name}.${inner.name}`,
      label: `misspelt as ${misspelt}`,
      value: { ...(value === undefined ? rest : base), [misspelt]: value ?? 1 },
    });
  }
  return placed;
}
