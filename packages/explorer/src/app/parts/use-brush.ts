import { useRef } from 'preact/hooks';

/** A place in a chart: shares of its width and height, from the left and from the top. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

interface Brush {
  /** Told while a drag goes on, at most once a frame; `path` is all of it. */
  readonly onDrag: (from: Place, to: Place, path: readonly Place[]) => void;
  readonly onDrop?: () => void;
  /** A press without a drag. */
  readonly onTap: (at: Place) => void;
  /** Where a mouse rests or goes by; null once it has left. */
  readonly onHover?: (at: Place | null) => void;
}

/** Pixels that a hand trembles. */
const STILL = 4;

/** Handlers of a chart that is brushed with a mouse, a pen or a finger. */
export function useBrush({ onDrag, onDrop, onTap, onHover }: Brush) {
  const drag = useRef<{ path: Place[]; x: number; y: number; moved: boolean } | null>(null);
  const frame = useRef(0);
  const placeOf = (event: PointerEvent): Place => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const share = (value: number): number => Math.min(1, Math.max(0, value));
    return { x: share((event.clientX - box.left) / box.width), y: share((event.clientY - box.top) / box.height) };
  };
  const onceAFrame = (act: () => void): void => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(act);
  };
  return {
    onPointerDown(event: PointerEvent): void {
      if (event.button !== 0) return;
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      drag.current = { path: [placeOf(event)], x: event.clientX, y: event.clientY, moved: false };
    },
    onPointerMove(event: PointerEvent): void {
      const { current } = drag;
      const to = placeOf(event);
      if (current === null) {
        if (onHover !== undefined && event.pointerType === 'mouse') onceAFrame(() => onHover(to));
        return;
      }
      current.moved ||= Math.hypot(event.clientX - current.x, event.clientY - current.y) > STILL;
      if (!current.moved) return;
      current.path.push(to);
      onceAFrame(() => onDrag(current.path[0] as Place, to, current.path));
    },
    onPointerUp(event: PointerEvent): void {
      const { current } = drag;
      drag.current = null;
      if (current?.moved === false) onTap(placeOf(event));
      else if (current !== null) onceAFrame(() => onDrop?.());
    },
    onPointerLeave(): void {
      if (onHover !== undefined) onceAFrame(() => onHover(null));
    },
    onPointerCancel(): void {
      drag.current = null;
    },
  };
}
