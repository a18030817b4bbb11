import type { ComponentChildren } from 'preact';
import { bytesOf, clockOf, durationOf } from '../model/time.js';
import type { Story } from '../model/story.js';

interface FiguresProps {
  readonly story: Story;
  readonly now: number;
  /** Nothing more comes. */
  readonly isOver: boolean;
}

/** How far training is, how long it will take, and what watching it costs. */
export function Figures({ story, now, isOver }: FiguresProps) {
  const { epoch, epochs, progress, windows, window, isDone, memory, shares } = story;
  const remaining = story.remaining === null || isOver ? null : left(story, now);
  return (
    <dl class="card figures">
      <Figure name="Epoch">
        <span class="big">{isDone && epochs !== null ? epochs : epoch + 1}</span>
        {epochs !== null && <small> of {epochs}</small>}
        {progress !== null && <Bar share={progress} label="Training done" />}
      </Figure>
      {windows.length > 0 && (
        <Figure name="Stage">
          <span class="big">{window}</span>
          <ol class="stages">
            {windows.map((each) => (
              <li key={each} class={stageOf(windows, window, each)} aria-current={each === window ? 'step' : undefined}>
                {each}
              </li>
            ))}
          </ol>
        </Figure>
      )}
      <Figure name={isOver ? 'Took' : 'Remaining'}>
        {isOver && story.begun !== null && story.last !== null ? (
          <>
            <span class="big">{durationOf(story.last - story.begun)}</span>
            <p class="note">ended at {clockOf(story.last, now)}</p>
          </>
        ) : (
          <>
            <span class="big">{remaining === null ? '–' : remaining < 500 ? 'soon' : durationOf(remaining)}</span>
            <p class="note">
              {remaining === null
                ? 'not known yet'
                : remaining < 500
                  ? 'later than it was expected'
                  : `ends about ${clockOf(now + remaining, now)}`}
            </p>
          </>
        )}
      </Figure>
      {memory !== null && (
        <Figure name="Memory">
          <span class="big">{bytesOf(memory.process ?? memory.states)}</span>
          <p class="note">
            {memory.process === null
              ? 'states of the scores'
              : `whole process; states of the scores ${bytesOf(memory.states)}`}
          </p>
        </Figure>
      )}
      {shares !== null && (
        <Figure name="Scoring takes">
          <span class="big">{percent(shares.scoring)}</span>
          <p class="note">of the time; watching {percent(shares.watching)}</p>
        </Figure>
      )}
    </dl>
  );
}

/** Time goes by between events too. */
function left({ remaining, last }: Story, now: number): number {
  return Math.max(0, (remaining as number) - Math.max(0, now - (last ?? now)));
}

function stageOf(windows: readonly string[], now: string | null, each: string): string {
  const [at, place] = [windows.indexOf(now ?? ''), windows.indexOf(each)];
  if (place === at) return 'current';
  return place < at ? 'past' : 'to-come';
}

function Figure({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Bar({ share, label }: { readonly share: number; readonly label: string }) {
  return <progress class="bar-line" value={share} max={1} aria-label={label} />;
}

/** `12 %`, `.3 %` */
function percent(share: number): string {
  const value = share * 100;
  if (value >= 10) return `${value.toFixed(0)} %`;
  return `${value.toFixed(value < 0.1 && value > 0 ? 2 : 1)} %`;
}
