import { useEffect, useState } from 'preact/hooks';
import { hasPictures } from '../state/run-state.js';

/** How a grid of tiles lies in its scroller, and which of them are in sight. */
export interface Grid {
  readonly columns: number;
  /** Pixels from one line of tiles to the next. */
  readonly height: number;
  /** Places `first` to `last - 1` are drawn. */
  readonly first: number;
  readonly last: number;
  /** How many are drawn at most. */
  readonly drawn: number;
}

const NARROWEST = 120;
/** Below each picture: id, label, suggestion. */
const TEXT = 68;
/** A tile without a picture: label and signs, id, suggestion. */
const PLAIN = 84;
/** Pixels of scrolling that are too few to look again; well under a line of tiles. */
const STEP = 40;
/** Lines drawn beyond what is in sight, so that scrolling meets pictures. */
const AHEAD = 2;

export function useGrid(scroller: { readonly current: HTMLDivElement | null }, count: number): Grid {
  const [box, setBox] = useState({ width: 960, height: 640, top: 0 });
  useEffect(() => {
    const { current } = scroller;
    if (current === null) return undefined;
    const measure = (): void =>
      setBox((box) => {
        const { clientWidth: width, clientHeight: height, scrollTop: top } = current;
        // Within a line of tiles nothing new comes into sight.
        const still =
          box.width === width && box.height === height && Math.floor(box.top / STEP) === Math.floor(top / STEP);
        return still ? box : { width, height, top };
      });
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    current.addEventListener('scroll', measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      current.removeEventListener('scroll', measure);
    };
  }, []);
  const columns = Math.max(1, Math.floor(box.width / NARROWEST));
  const pictures = hasPictures.value;
  const height = pictures ? Math.floor(box.width / columns) - 8 + TEXT : PLAIN;
  const line = Math.max(0, Math.floor(box.top / height) - AHEAD);
  const lines = Math.ceil(box.height / height) + 2 * AHEAD + 1;
  const drawn = lines * columns;
  return { columns, height, first: line * columns, last: Math.min(count, line * columns + drawn), drawn };
}
