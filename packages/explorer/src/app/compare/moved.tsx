import { useState } from 'preact/hooks';
import type { CorrectedExample, MovedExample } from '../../api/comparison.js';
import { Thumb } from '../parts/thumb.js';
import { hasPictures } from '../state/run-state.js';
import { show } from '../state/view-state.js';

interface MovedProps {
  readonly title: string;
  readonly note: string;
  readonly examples: readonly (MovedExample | CorrectedExample)[];
}

/** As many are shown at first. */
const FEW = 18;

/** Examples with their percentile in both runs; each opens in the gallery of the later one. */
export function Moved({ title, note, examples }: MovedProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? examples : examples.slice(0, FEW);
  const id = `moved-${title.toLowerCase().replaceAll(' ', '-')}`;
  return (
    <section aria-labelledby={id}>
      <header class="bar">
        <h2 id={id}>{title}</h2>
        <span class="note">{note}</span>
      </header>
      {examples.length === 0 && <p class="note">None.</p>}
      <ol class={`moved${hasPictures.value ? '' : ' plain'}`}>
        {shown.map((example) => (
          <li key={example.after}>
            <button type="button" onClick={() => show({ tab: 'gallery', row: example.after }, true)}>
              <Thumb row={example.after} />
              <span class="labels">
                {example.labelBefore !== example.labelAfter && example.labelBefore !== null && (
                  <>
                    <s>
                      <span class="vh">was </span>
                      {example.labelBefore}
                    </s>{' '}
                  </>
                )}
                <strong>{example.labelAfter ?? String(example.id)}</strong>
              </span>
              <span class="movement">
                <Movement from={example.from} to={example.to} />
              </span>
              {'predicted' in example && example.predicted !== null && example.predicted !== example.labelAfter && (
                <span class="note">predicted {example.predicted}</span>
              )}
              <span class="note id" title={String(example.id)}>
                {String(example.id)}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {shown.length < examples.length && (
        <button class="all" onClick={() => setWhole(true)}>
          Show all {examples.length}
        </button>
      )}
    </section>
  );
}

/** `p97 → p12 easy now`: percentiles, the hardest near 100. */
function Movement({ from, to }: { readonly from: number | null; readonly to: number | null }) {
  if (from === null || to === null) return <>no score in {from === null ? 'the earlier run' : 'this run'}</>;
  const standing = to < 50 && from >= 50 ? 'easy now' : to >= 90 ? (from >= 90 ? 'hard still' : 'hard now') : null;
  return (
    <>
      p{from.toFixed(0)} <span aria-label="to">→</span> p{to.toFixed(0)}{' '}
      {standing !== null && <span class={standing === 'easy now' ? 'easy-now' : 'hard-still'}>{standing}</span>}
    </>
  );
}
