import { Thumb } from '../parts/thumb.js';
import { className, description, hasPictures } from '../state/run-state.js';
import { show } from '../state/view-state.js';
import { feed } from '../state/live-feed.js';
import { Monitor } from './parts/monitor.js';
import { useStory } from './use-story.js';
import './charts.css';
import './live.css';

/** The training that makes, or made, the run that is open. */
export function Live() {
  const story = useStory(feed, epochsAsked);
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

/** Epochs that the run was asked for; null where it scores what is trained already. */
function epochsAsked(): number | null {
  const { epochs, checkpoints, logits } = description.value?.manifest.config ?? {};
  return typeof epochs === 'number' && checkpoints === undefined && logits === undefined ? epochs : null;
}
