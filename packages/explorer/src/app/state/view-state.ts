// What is looked at: one signal, which the address holds.
import { signal } from '@preact/signals';
import { decodeView, encodeView, type View } from '../model/view.js';
import { dropAddress, pushAddress, replaceAddress } from './address.js';

export const view = signal<View>(decodeView(location.search));

/** Changes the view; a step that "back" should undo is `lasting`. */
export function show(changes: Partial<View>, lasting = false): void {
  const next = { ...view.value, ...changes };
  const search = encodeView(next);
  view.value = next;
  const address = search === '' ? location.pathname : `?${search}`;
  if (lasting) pushAddress(address);
  else replaceAddress(address);
}

addEventListener('popstate', () => {
  dropAddress();
  view.value = decodeView(location.search);
});
