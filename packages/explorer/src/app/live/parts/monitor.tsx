import { useEffect, useState } from 'preact/hooks';
import { figure } from '../../parts/words.js';
import { accuracyLines, lossLines } from '../model/groups.js';
import type { Story } from '../model/story.js';
import { durationOf } from '../model/time.js';
import { BandCard } from './band-card.js';
import { Events } from './events.js';
import { Figures } from './figures.js';
import { Flips } from './flips.js';
import { type Around, Hardest } from './hardest.js';
import { LineCard } from './line-card.js';
import { Numbers } from './numbers.js';

interface MonitorProps extends Around {
  readonly story: Story;
  /** Whether more may come. */
  readonly isOpen: boolean;
}

/** Without news for so long, people are told: training may have ended without a word. */
const QUIET = 120_000;

/** A training as it goes: how far, losses, scores, who is hard, what happened. */
export function Monitor({ story, isOpen, ...around }: MonitorProps) {
  const isOver = !isOpen || story.isDone || story.ended;
  const now = useClock(!isOver);
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  if (story.last === null) {
    return (
      <p class="hollow">
        {isOpen
          ? 'Waiting for the first event: it comes when training begins.'
          : 'This run has no events: it was not followed while it was made.'}
      </p>
    );
  }
  const { standing, at, epochs } = story;
  const names = [...story.scores.keys()];
  const name = chosen !== null && names.includes(chosen) ? chosen : (standing?.by ?? names[0] ?? '');
  const firsts = [...story.figures.values(), ...story.scores.values()].flatMap((points) => points[0]?.x ?? []);
  const from = Math.min(1, ...firsts);
  const shared = { from, to: Math.max(from, epochs ?? at, at), cursor, onCursor: setCursor };
  return (
    <div class="live">
      <Figures story={story} now={now} isOver={isOver} />
      {!isOver && now - story.last > QUIET && (
        <p class="notice">No news for {durationOf(now - story.last)}: training may be waiting, or have ended.</p>
      )}
      <div class="figure-row">
        <LineCard
          {...shared}
          title="Loss"
          lines={lossLines(story)}
          tell={figure}
          empty="No loss yet: it comes with the end of an epoch, from fit or from tracker.epochEnd."
        />
        <LineCard
          {...shared}
          title="Accuracy"
          lines={accuracyLines(story)}
          tell={percent}
          empty="No accuracy yet. Compile the model with metrics: ['accuracy'] to see it."
        />
        <BandCard
          {...shared}
          names={names}
          name={name}
          onName={setChosen}
          points={story.scores.get(name) ?? []}
          empty={
            story.watched
              ? 'No scores yet: a variance needs two checkpoints.'
              : 'Scores are not told while this run is made: start it with --live, or record it with live: true.'
          }
        />
      </div>
      <Numbers story={story} name={name} />
      <div class="live-columns">
        {standing === null ? (
          <section>
            <h2>Hardest</h2>
            <p class="hollow">The hardest examples stand here once they have scores.</p>
          </section>
        ) : (
          <Hardest
            {...around}
            examples={standing.hardest}
            by={standing.by ?? ''}
            after={`after epoch ${Number(standing.x.toFixed(2))}; movement since the standing before, up is harder`}
          />
        )}
        <div class="side">
          <Events log={story.log} />
          {standing !== null && standing.flips !== null && <Flips {...around} flips={standing.flips} />}
        </div>
      </div>
    </div>
  );
}

/** The time, told anew each second while it matters. */
function useClock(isRunning: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}

/** `84.3 %` */
function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${Number((100 * share).toPrecision(3))} %`;
}
