import { useRef, useState } from 'preact/hooks';
import { decided, decideMany, readOnly, undoLast } from '../state/decide.js';
import { filtered, shown } from '../state/rows.js';
import { decisions, facts, suggestionOf } from '../state/run-state.js';

/** One decision about all that the gallery shows, with a question before it, and undo. */
export function Bulk() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [asked, ask] = useState(false);
  const close = (): void => dialog.current?.close();
  if (readOnly()) return null;
  return (
    <>
      <button
        disabled={shown.value.length === 0 || !filtered.value}
        onClick={() => {
          ask(true);
          dialog.current?.showModal();
        }}
      >
        Decide these…
      </button>
      {decided.value.length > 0 && <button onClick={() => void undoLast()}>Undo</button>}
      <dialog ref={dialog} class="detail ask" aria-labelledby="ask-title" onClose={() => ask(false)}>
        {asked && <Question onDone={close} />}
      </dialog>
    </>
  );
}

function Question({ onDone }: { readonly onDone: () => void }) {
  const rows = shown.value;
  const open = Array.from(rows).filter((row) => !decisions.value.has(row));
  const labels = facts.value?.labels;
  const suggested = open.filter((row) => {
    const label = suggestionOf(row);
    return label !== undefined && label !== labels?.[row];
  });
  const [busy, wait] = useState(false);
  const take = async (decision: 'confirm' | 'relabel' | 'exclude'): Promise<void> => {
    wait(true);
    await decideMany(open, decision);
    onDone();
  };
  const count = (of: readonly number[]): string => of.length.toLocaleString('en');
  const known = rows.length - open.length;
  return (
    <>
      <h2 id="ask-title" tabIndex={-1} autofocus>
        Decide {count(open)} undecided examples at once?
      </h2>
      <p>
        {known > 0 && `${known.toLocaleString('en')} more are shown that are decided already: they stay as they are. `}
        {suggested.length < open.length &&
          `${(open.length - suggested.length).toLocaleString('en')} have no suggested class: relabelling leaves them out. `}
        Undo takes the whole back.
      </p>
      <div class="acts">
        <button class="primary" disabled={busy || suggested.length === 0} onClick={() => void take('relabel')}>
          Relabel {count(suggested)} as suggested
        </button>
        <button disabled={busy || open.length === 0} onClick={() => void take('confirm')}>
          Confirm {count(open)}
        </button>
        <button disabled={busy || open.length === 0} onClick={() => void take('exclude')}>
          Exclude {count(open)}
        </button>
        <button onClick={onDone}>Cancel</button>
      </div>
    </>
  );
}
