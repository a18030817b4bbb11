import { type GenericSchema, object, optional, safeParse } from 'valibot';
import { checkOptionNames, mustBe } from '../checks.js';
import type { ErrorCode } from '../error-codes.js';
import { VogError } from '../errors.js';
import type { Option } from './option.js';
import type { Entries, ResolvedOf } from './types.js';

/**
 * Makes what checks options and fills in defaults.
 *
 * @param where the function that takes them: the errors begin with it
 */
export function resolverOf<E extends Entries>(
  where: string,
  entries: E,
  code: ErrorCode,
): (given: unknown) => ResolvedOf<E> {
  const names = Object.keys(entries);
  const schema = object(Object.fromEntries(Object.entries(entries).map(([name, option]) => [name, schemaOf(option)])));
  return (given) => {
    checkOptionNames(where, given, names, code);
    const options = Object.fromEntries(Object.entries(given as object).filter(([, value]) => value !== undefined));
    const parsed = safeParse(schema, options, { abortEarly: true });
    if (parsed.success) return parsed.output as ResolvedOf<E>;
    const [{ path = [], message, input }] = parsed.issues;
    const [name = '', ...inside] = path.map(({ key }) => String(key));
    const option = entries[name];
    if (!Object.hasOwn(options, name) && option !== undefined) {
      throw new VogError(code, `${where}: ${name} is missing; it must be ${option.expected}.`);
    }
    throw new VogError(code, `${where}: ${name}${inside.map((key) => `[${key}]`).join('')} ${mustBe(message, input)}`);
  };
}

/** A value that is left out never comes here as undefined: what is optional is not looked at then. */
function schemaOf({ schema, presence, fallback }: Option<unknown>): GenericSchema {
  if (presence === 'required') return schema;
  return presence === 'optional' ? optional(schema) : optional(schema, fallback);
}
