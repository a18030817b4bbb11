import { type ErrorCode, type PluginKind, VogError } from '@vogjs/base';

/**
 * Refuses a name that cannot stand in a file, a column or a log. A resource's name stands in none of them: it may be any
 * text, such as `my-package/loss`.
 *
 * @throws VogError `code`
 */
export function checkPluginName(kind: PluginKind, name: unknown, code: ErrorCode): asserts name is string {
  if (kind === 'resource') {
    if (typeof name === 'string' && name !== '') return;
    throw new VogError(code, 'A resource needs a name: a non-empty string.');
  }
  if (typeof name === 'string' && /^[A-Za-z][\w.-]*$/.test(name)) return;
  throw new VogError(
    code,
    `A ${kind}'s name must start with a letter and hold letters, digits, '.', '-' or '_' only; got '${String(name)}'.`,
  );
}

/** The function that makes plugins of this name, as its callers write it: 'data-iq' is made by `dataIq`. */
export function callOf(name: string): string {
  return name.replaceAll(/[^\w]+(\w?)/g, (_, next: string) => next.toUpperCase());
}
