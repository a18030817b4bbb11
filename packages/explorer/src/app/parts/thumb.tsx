import { useLayoutEffect, useRef } from 'preact/hooks';
import { description } from '../state/run-state.js';
import { drawThumb } from '../state/thumbs.js';

/** Pixels; of pictures so small each is seen as it is, not smoothed over. */
const TINY = 64;

/** The picture of a row; nothing where the run has no pictures. */
export function Thumb({ row, label }: { readonly row: number; readonly label?: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const thumbs = description.value?.thumbs ?? null;
  const edition = description.value?.edition;
  useLayoutEffect(() => {
    const { current } = canvas;
    if (current === null) return;
    current.dataset['row'] = String(row);
    current.getContext('2d')?.clearRect(0, 0, current.width, current.height);
    // The notices tell of a sheet that cannot be read.
    drawThumb(current, row).catch(() => {});
  }, [row, edition]);
  if (thumbs === null) return null;
  const said = label === undefined ? { 'aria-hidden': true } : { role: 'img' as const, 'aria-label': label };
  return (
    <canvas
      ref={canvas}
      class={Math.max(thumbs.width, thumbs.height) <= TINY ? 'thumb tiny' : 'thumb'}
      width={thumbs.width}
      height={thumbs.height}
      {...said}
    />
  );
}
