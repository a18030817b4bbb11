import { useEffect, useState } from 'preact/hooks';

/** Pixels of the box around an element, as it is laid out. */
export function useSize(element: { readonly current: Element | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 320, height: 120 });
  useEffect(() => {
    const box = element.current?.parentElement;
    if (box === null || box === undefined) return undefined;
    const observer = new ResizeObserver(() =>
      setSize({ width: Math.max(2, box.clientWidth), height: Math.max(2, box.clientHeight) }),
    );
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return size;
}

/** Whether the scheme is dark: canvases do not follow it by themselves. */
export function useScheme(): boolean {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const onChange = (): void => setDark(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return dark;
}
