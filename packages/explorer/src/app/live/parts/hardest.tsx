import type { WatchedExample } from '@vogjs/run/record';
import type { ComponentChildren } from 'preact';
import { figure } from '../../parts/words.js';

/** What is around the monitor: pictures, names of classes, and what opens an example. */
export interface Around {
  readonly picture: (row: number) => ComponentChildren;
  readonly hasPictures: boolean;
  readonly className: (label: number) => string;
  /** Null while there is nothing to open. */
  readonly onOpen: ((row: number) => void) | null;
}

interface HardestProps extends Around {
  readonly examples: readonly WatchedExample[];
  readonly by: string;
  readonly after: string;
}

/** The hardest examples, and how many ranks each has moved since the standing before. */
export function Hardest({ examples, by, after, picture, hasPictures, className, onOpen }: HardestProps) {
  return (
    <section aria-labelledby="hardest-title">
      <header class="bar">
        <h2 id="hardest-title">Hardest {examples.length}</h2>
        <span class="note">
          by {by}, {after}
        </span>
      </header>
      <ol class={`hardest${hasPictures ? '' : ' plain'}`}>
        {examples.map((example, at) => {
          const movement = movementOf(example.was, at + 1, examples.length);
          const inside = (
            <>
              {picture(example.row)}
              <span class="line">
                <strong>{at + 1}</strong>
                <span class={`move ${movement.rises ? 'rises' : ''}`} aria-hidden="true">
                  {movement.sign}
                </span>
                <span class="vh">{movement.said}</span>
              </span>
              <span class="given">{example.label === null ? String(example.id) : className(example.label)}</span>
              <span class="note id" title={String(example.id)}>
                {example.label === null ? figure(example.value) : String(example.id)}
              </span>
            </>
          );
          return (
            <li key={example.row}>
              {onOpen === null ? (
                <div>{inside}</div>
              ) : (
                <button type="button" onClick={() => onOpen(example.row)}>
                  {inside}
                </button>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Up is harder: towards rank 1. */
function movementOf(
  was: number | null,
  rank: number,
  shown: number,
): { readonly sign: string; readonly said: string; readonly rises: boolean } {
  if (was === null) return { sign: '', said: 'first standing', rises: false };
  const risen = was - rank;
  const isNew = was > shown;
  if (risen === 0) return { sign: '=', said: 'unchanged', rises: false };
  const [sign, word] = risen > 0 ? ['▲', 'up'] : ['▼', 'down'];
  const places = Math.abs(risen).toLocaleString('en');
  return {
    sign: `${isNew ? 'new ' : ''}${sign}${places}`,
    said: `${isNew ? 'new, ' : ''}${word} ${places}`,
    rises: risen > 0,
  };
}
