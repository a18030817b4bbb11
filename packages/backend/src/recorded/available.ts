import { nativeBackend } from './native.js';

/** The environment variable that switches recording off with `0`. */
const VARIABLE = 'VOGJS_RECORDED';

/** What switches recording off from outside; null where nothing does. */
export function switchedOff(): string | null {
  const { process } = globalThis as { readonly process?: { readonly env?: Readonly<Record<string, string>> } };
  return process?.env?.[VARIABLE] === '0' ? `${VARIABLE} is 0` : null;
}

/** Why the active backend records no passes; null where it does. */
export function whyNotRecorded(): string | null {
  const backend = nativeBackend();
  return switchedOff() ?? (typeof backend === 'string' ? backend : null);
}
