import { Monitor } from '../live/parts/monitor.js';
import { useStory } from '../live/use-story.js';
import type { Broadcasts } from './broadcasts.js';
import { BroadcastThumb } from './broadcast-thumb.js';

interface BroadcastViewProps {
  readonly broadcasts: Broadcasts;
  readonly onOpen: ((row: number) => void) | null;
}

/** The training of another page, or of another part of this one. */
export function BroadcastView({ broadcasts, onOpen }: BroadcastViewProps) {
  const { channel, feed, training, isGone } = broadcasts;
  const story = useStory(feed, notKnown);
  const told = training.value;
  if (told === null) {
    return (
      <p class="hollow" role="status">
        Nobody tells of a training on the channel “{channel}” yet. Open the page that trains, in this browser, and
        start.
      </p>
    );
  }
  const { id, name, classNames, pictures } = told;
  const last = story.log.at(-1);
  return (
    <section class="live-view" aria-label={`Training of ${name}`}>
      {isGone.value && (
        <p class="notice" role="status">
          The page that trains was closed, or has ended its broadcast. This is what it told.
        </p>
      )}
      <Monitor
        story={story}
        isOpen={!isGone.value}
        picture={(row) =>
          pictures === null ? null : <BroadcastThumb key={id} row={row} size={pictures} broadcasts={broadcasts} />
        }
        hasPictures={pictures !== null}
        className={(label) => classNames?.[label] ?? String(label)}
        onOpen={isGone.value ? null : onOpen}
      />
      <p class="vh" role="status">
        {last?.kind === 'epoch' ? last.text : ''}
      </p>
    </section>
  );
}

const notKnown = (): null => null;
