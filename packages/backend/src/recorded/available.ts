import { nativeBackend } from './native.js';

/** The environment variable that decides how passes are recorded: `0` not at all, `saved-model` never as functions. */
const VARIABLE = 'VOGJS_RECORDED';

export function setting(): string | undefined {
  const { process } = globalThis as { readonly process?: { readonly env?: Readonly<Record<string, string>> } };
  return process?.env?.[VARIABLE];
}

/** What switches recording off from outside; null where nothing does. */
export function switchedOff(): string | null {
  return setting() === '0' ? `${VARIABLE} is 0` : null;
}

/** Why the active backend records no passes; null where it does. */
export function whyNotRecorded(): string | null {
  const backend = nativeBackend();
  return switchedOff() ?? (typeof backend === 'string' ? backend : null);
}
