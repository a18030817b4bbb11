import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../../client/client.js';
import type { Heat } from './heat.js';

/** Whether maps are shown: they cost the server work, so only who wants them gets them. It stays for the next example. */
export const shown = signal(false);

/** Milliseconds: who drags the slider past a checkpoint does not want its map. */
const REST = 150;

/** A map as it stands. */
export interface Asked {
  readonly heat: Heat | null;
  readonly failure: string | null;
  readonly isWaiting: boolean;
}

/** Asks for the map at an address; null for none. What was there before stays until it comes, if it is of the same row. */
export function useMap(address: string | null): Asked {
  const [asked, set] = useState<Asked>({ heat: null, failure: null, isWaiting: true });
  useEffect(() => {
    if (address === null) return;
    const control = new AbortController();
    set((before) => ({ ...before, failure: null, isWaiting: true }));
    const load = async (): Promise<void> => {
      try {
        const response = await ask(address, { signal: control.signal });
        const [height = 0, width = 0] = (response.headers.get('vogjs-shape') ?? '').split(' ').map(Number);
        const values = new Float32Array(await response.arrayBuffer());
        set({ heat: { height, width, values }, failure: null, isWaiting: false });
      } catch (error) {
        if (control.signal.aborted) return;
        set({ heat: null, failure: error instanceof Error ? error.message : String(error), isWaiting: false });
      }
    };
    const timer = setTimeout(() => void load(), REST);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [address]);
  return asked;
}
