import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A component whose code comes when it is first shown: most people look at a few of the views. */
export function lazy(load: () => Promise<ComponentType>): ComponentType {
  let Loaded: ComponentType | null = null;
  return function Lazy() {
    const [failure, setFailure] = useState<string | null>(null);
    const [, draw] = useState(0);
    useEffect(() => {
      if (Loaded !== null) return;
      const show = async (): Promise<void> => {
        Loaded = await load();
        draw((count) => count + 1);
      };
      show().catch((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)));
    }, []);
    if (Loaded !== null) return <Loaded />;
    return (
      <main id="main">
        {failure === null ? (
          <p class="pad">Loading…</p>
        ) : (
          <p class="notice fault" role="alert">
            This view cannot be loaded. Load the page again. {failure}
          </p>
        )}
      </main>
    );
  };
}
