import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** The width that a chart has, in CSS pixels, so that its text keeps its size on a phone. */
export function useWidth<Drawn extends Element>(): [RefObject<Drawn | null>, number] {
  const drawn = useRef<Drawn>(null);
  const [width, setWidth] = useState(640);
  useLayoutEffect(() => {
    const element = drawn.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(200, Math.round(entry!.contentRect.width))));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [drawn, width];
}
