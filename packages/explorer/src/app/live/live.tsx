import { useEffect, useRef, useState } from 'preact/hooks';
import { Thumb } from '../parts/thumb.js';
import { className, description, hasPictures } from '../state/run-state.js';
import { show } from '../state/view-state.js';
import { beginnings, linesFrom, version } from '../state/live-feed.js';
import { Story } from './model/story.js';
import { Monitor } from './parts/monitor.js';
import './charts.css';
import './live.css';

/** The training that makes, or made, the run that is open. */
export function Live() {
  const story = useStory();
  const run = description.value;
  const isRunning = run?.manifest.state === 'running';
  // Without scores there is nothing to open an example in.
  const canOpen = (run?.columns.length ?? 0) > 0;
  return (
    <main id="main" class="live-view">
      <h1 class="vh">{isRunning ? 'Training, live' : 'How it was trained'}</h1>
      <Monitor
        story={story}
        isOpen={isRunning}
        picture={(row) => <Thumb row={row} />}
        hasPictures={hasPictures.value}
        className={className}
        onOpen={canOpen ? (row) => show({ tab: 'gallery', row }, true) : null}
      />
      <p class="vh" role="status">
        {story.log.at(-1)?.kind === 'epoch' ? story.log.at(-1)?.text : ''}
      </p>
    </main>
  );
}

/** The story so far, told on once a frame however many lines come. */
function useStory(): Story {
  const known = useRef(anew());
  const [, draw] = useState(0);
  useEffect(() => {
    let frame = 0;
    const tell = (): void => {
      frame = 0;
      const { current } = known;
      if (current.beginning !== beginnings.value) known.current = anew();
      const lines = linesFrom(known.current.read);
      known.current.read += lines.length;
      for (const line of lines) known.current.story.take(parsed(line));
      draw((count) => count + 1);
    };
    const stop = version.subscribe(() => {
      // Not by frames alone: a tab in the background has none.
      if (frame === 0) frame = window.setTimeout(tell, 50);
    });
    return () => {
      stop();
      clearTimeout(frame);
    };
  }, []);
  return known.current.story;
}

function anew(): { readonly story: Story; read: number; readonly beginning: number } {
  return { story: new Story(epochsAsked()), read: 0, beginning: beginnings.value };
}

/** Epochs that the run was asked for; null where it scores what is trained already. */
function epochsAsked(): number | null {
  const { epochs, checkpoints, logits } = description.value?.manifest.config ?? {};
  return typeof epochs === 'number' && checkpoints === undefined && logits === undefined ? epochs : null;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
