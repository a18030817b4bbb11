import { type ErrorCode, VogError } from '@vogjs/base';
import {
  type Declaration,
  declareOptions,
  type Entries,
  fits,
  type Option,
  type ResolvedOf,
} from '@vogjs/base/options';

/** Options with the one that every plugin takes. */
export type Named<E extends Entries> = E & { readonly name: Option<string, 'defaulted'> };

/** What a plugin's hooks get: its options, defaults filled in, and its name among them. */
export type OptionValues<E extends Entries> = ResolvedOf<Named<E>>;

/**
 * Refuses a name that cannot stand in a file, a column or a log.
 *
 * @throws VogError `code`
 */
export function checkPluginName(kind: 'detector', name: unknown, code: ErrorCode): asserts name is string {
  if (typeof name === 'string' && /^[A-Za-z][\w.-]*$/.test(name)) return;
  throw new VogError(
    code,
    `A ${kind}'s name must start with a letter and hold letters, digits, '.', '-' or '_' only; got '${String(name)}'.`,
  );
}

/** The function that makes plugins of this name, as its callers write it: 'max-logit' is made by `maxLogit`. */
export function callOf(name: string): string {
  return name.replaceAll(/[.-]+(\w?)/g, (_, next: string) => next.toUpperCase());
}

/**
 * Declares a plugin's options, and beside them its name.
 *
 * @param call the function that takes them: the errors begin with it
 */
export function declarePluginOptions<E extends Entries>(
  kind: 'detector',
  name: string,
  call: string,
  entries: E,
  contradiction?: (options: OptionValues<E>) => string | undefined,
): Declaration<Named<E>> {
  const named = { name: nameOption(kind, name), ...entries } as Named<E>;
  return declareOptions(call, named, contradiction === undefined ? {} : { contradiction });
}

/** What is wrong with a name is said by the plugin that would have it; a state is found by it, not identified. */
function nameOption(kind: 'detector', name: string): Option<string, 'defaulted'> {
  return fits<string>("a letter, then letters, digits, '.', '-' or '_'", () => true)
    .default(name)
    .about(`Name of the ${kind}.`)
    .identifiedBy(() => undefined);
}
