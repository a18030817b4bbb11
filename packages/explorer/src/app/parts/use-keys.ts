import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Keys of a view. They do nothing inside a text field, with a modifier, or where a control of its own takes the key: Enter
 * on a button presses it.
 */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const current = useRef(keys);
  current.current = keys;
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const at = event.target as Element;
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (at.matches('input:not([type=checkbox]), textarea, select')) return;
      if (event.key === 'Enter' && at.matches('button, a, summary, [role=listbox]')) return;
      const act = current.current[event.key] ?? current.current[event.key.toLowerCase()];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}
