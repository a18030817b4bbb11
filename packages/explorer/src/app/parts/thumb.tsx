import { useLayoutEffect, useRef } from 'preact/hooks';
import { description } from '../state/run-state.js';
import { drawThumb } from '../state/thumbs.js';

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
    // A sheet that cannot be read leaves its pictures empty; the examples can still be decided on.
    drawThumb(current, row).catch(() => current.classList.add('lost'));
  }, [row, edition]);
  if (thumbs === null) return null;
  const said = label === undefined ? { 'aria-hidden': true } : { role: 'img' as const, 'aria-label': label };
  return <canvas ref={canvas} class="thumb" width={thumbs.width} height={thumbs.height} {...said} />;
}
