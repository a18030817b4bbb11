import type { PluginKind } from '@vogjs/base';
import {
  type Declaration,
  declareOptions,
  type Entries,
  fits,
  type InputOf,
  type Option,
  type ResolvedOf,
} from '@vogjs/base/options';
import { callOf } from './name.js';

/** No option at all. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- an object without members is what is meant
export type NoEntries = Record<never, never>;

/** Options with the one that every plugin takes which a user names. */
export type Named<E extends Entries> = E & { readonly name: Option<string, 'defaulted'> };

/** What a plugin's hooks get: its options, defaults filled in, and its name among them. */
export type OptionValues<E extends Entries> = ResolvedOf<Named<E>>;

/** What a factory says of the plugins that it makes: for docs, lists and tests. */
export interface PluginDefinition<E extends Entries = Entries> {
  readonly kind: PluginKind;
  /** Name of its plugins, unless one is told another. */
  readonly name: string;
  /** The factory, as its callers write it. */
  readonly call: string;
  /** The options that it takes. */
  readonly options: Declaration<E>;
}

/** Makes plugins of one definition. */
export interface PluginFactory<E extends Entries, Plugin, Definition extends PluginDefinition> {
  (...given: Given<E>): Plugin;
  readonly definition: Definition;
}

/** The options may be left out where none is required. */
type Given<E extends Entries> = [RequiredIn<E>] extends [never] ? [options?: InputOf<E>] : [options: InputOf<E>];

/** Names of the options that must be given. */
export type RequiredIn<E extends Entries> = {
  [Name in keyof E]: E[Name] extends Option<unknown, 'required'> ? Name : never;
}[keyof E];

/** What a factory takes: `OptionsOf<typeof vog>`. */
export type OptionsOf<Factory extends (...given: never[]) => unknown> = NonNullable<Parameters<Factory>[0]>;

/**
 * A function that checks options and makes a plugin of them.
 *
 * @param definition what it tells of itself, with all that its kind adds
 * @param make called with options that are right
 */
export function pluginFactory<E extends Entries, Plugin, Definition extends PluginDefinition>(
  definition: Definition,
  make: (options: ResolvedOf<E>) => Plugin,
): PluginFactory<E, Plugin, Definition> {
  const factory = (given?: unknown): Plugin => make(definition.options.resolve(given) as ResolvedOf<E>);
  // The name that stack traces and lists show.
  Object.defineProperty(factory, 'name', { value: definition.call });
  return Object.assign(factory, { definition }) as PluginFactory<E, Plugin, Definition>;
}

/**
 * Declares a plugin's options, and beside them its name.
 *
 * @param call the function that takes them: the errors begin with it
 */
export function declarePluginOptions<E extends Entries>(
  kind: PluginKind,
  name: string,
  entries: E,
  contradiction?: (options: OptionValues<E>) => string | undefined,
  call = callOf(name),
): Declaration<Named<E>> {
  const named = { name: nameOption(kind, name), ...entries } as Named<E>;
  return declareOptions(call, named, contradiction === undefined ? {} : { contradiction });
}

/** What is wrong with a name is said by the plugin that would have it; a state is found by it, not identified. */
function nameOption(kind: PluginKind, name: string): Option<string, 'defaulted'> {
  return fits<string>('a name: a letter, then letters, digits, dots, hyphens or underscores', () => true)
    .default(name)
    .about(`Name of the ${kind}.`)
    .identifiedBy(() => undefined);
}
