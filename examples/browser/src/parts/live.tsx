import { useEffect, useRef, useState } from 'preact/hooks';
import { open } from '../state.js';

/** The live view of this page's training: in a second tab, or here. */
export function Live() {
  const place = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    let close: (() => void) | null = null;
    let isWanted = isOpen;
    const show = async (): Promise<void> => {
      const { mountLive } = await import('@vogjs/explorer/live');
      if (isWanted && place.current !== null) {
        close = mountLive(place.current, { onOpen: (row) => void open(row) }).close;
      }
    };
    if (isOpen) void show();
    return () => {
      isWanted = false;
      close?.();
    };
  }, [isOpen]);
  return (
    <details class="live-here" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Live view: curves, the hardest, what moves</summary>
      <p class="note">
        The same in{' '}
        <a href="./live.html" target="_blank" rel="opener">
          a second tab
        </a>
        , which may be opened late or loaded again.
      </p>
      <div ref={place} class="live-place" />
    </details>
  );
}
