import { type Check, checkOf, checkOptions, type ErrorCode, type PluginKind } from '@vogjs/base';
import { type Entries, Option } from '@vogjs/base/options';
import { checkPluginName } from './name.js';

/** What a kind of plugins says of its definitions, once. */
export interface PluginContract {
  readonly kind: PluginKind;
  /** The function that takes a definition: `'defineMetric'`. */
  readonly define: string;
  /** Every part that a definition may have; those that are looked into in detail take anything here. */
  readonly parts: Readonly<Record<string, Check>>;
  /** Code of what is wrong with a definition. */
  readonly code: ErrorCode;
}

/**
 * Refuses a definition that is no object, has a part that nothing reads, a part of the wrong type, or no proper name.
 *
 * @throws VogError with the contract's code
 */
export function checkDefinition(contract: PluginContract, definition: { readonly name?: unknown }): void {
  checkOptions(contract.define, definition, contract.parts, [], contract.code);
  checkPluginName(contract.kind, definition.name, contract.code);
}

const anOption = checkOf('an option, such as oneOf(…)', (value) => value instanceof Option);

/** Refuses declared options of which one is none. `name` is among a plugin's options without being declared. */
export function checkOptionEntries({ define, code }: PluginContract, entries: Entries): void {
  const each = Object.fromEntries(Object.keys(entries).map((name) => [name, anOption]));
  checkOptions(`${define}, options`, entries, each, [], code);
}
