import { NO_FILTER } from '../model/view.js';
import { Thumb } from '../parts/thumb.js';
import { figure } from '../parts/words.js';
import { className, facts, hasPictures, predicted } from '../state/run-state.js';
import { show } from '../state/view-state.js';
import { mistakesAt, rangeOfMistakes, type SetScores } from './model/set-scores.js';

const MOST = 24;

interface MistakesProps {
  readonly scores: SetScores;
  /** The set's place in the list. */
  readonly place: number;
  readonly threshold: number;
  readonly detector: string;
}

/** What the threshold calls wrongly of one set, the most confident mistakes first. */
export function Mistakes({ scores, place, threshold, detector }: MistakesProps) {
  const { name, side } = scores.set;
  const rows = mistakesAt(scores, threshold);
  const range = rangeOfMistakes(scores, threshold, detector);
  const said = side === 'in' ? 'kept out' : 'let in';
  const id = `mistakes-${place}`;
  return (
    <section class="card" aria-labelledby={id}>
      <header>
        <h2 id={id}>
          {name}, {said} <small>{rows.length.toLocaleString('en')} mistakes, the most confident first</small>
        </h2>
        {range !== null && (
          <button
            onClick={() =>
              show(
                {
                  tab: 'gallery',
                  sort: detector,
                  easiestFirst: side === 'out',
                  filter: { ...NO_FILTER, sets: [place], ranges: [range] },
                },
                true,
              )
            }
          >
            All in the gallery
          </button>
        )}
      </header>
      {rows.length === 0 ? (
        <p class="note">None.</p>
      ) : (
        <ol class={hasPictures.value ? 'mistakes' : 'mistakes plain'}>
          {Array.from(rows.subarray(0, MOST), (row) => (
            <Mistake key={row} row={row} score={scores.values[row]} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Mistake({ row, score }: { readonly row: number; readonly score: number | undefined }) {
  const id = String(facts.value?.ids[row]);
  const taken = predicted.value?.[row];
  const label = facts.value?.labels?.[row];
  return (
    <li>
      <button onClick={() => show({ row }, true)}>
        <Thumb row={row} />
        <span class="id">{id}</span>
        {label !== undefined && label >= 0 && <strong>{className(label)}</strong>}
        {taken !== undefined && taken >= 0 && <span>taken for {className(taken)}</span>}
        <span class="note">score {figure(score)}</span>
      </button>
    </li>
  );
}
