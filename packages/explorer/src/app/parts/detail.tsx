import { useEffect, useRef } from 'preact/hooks';
import { facts } from '../state/run-state.js';
import { show, view } from '../state/view-state.js';
import { Decide } from './decide.js';
import { Look } from './evidence.js';
import { Neighbours, Twins } from './neighbours.js';
import { ScoreTable } from './score-table.js';

/** One example over the gallery: all that is known, and what to decide. */
export function Detail() {
  const dialog = useRef<HTMLDialogElement>(null);
  const { row } = view.value;
  const known = row !== null && facts.value !== null && row < facts.value.examples;
  useEffect(() => {
    const { current } = dialog;
    if (known && current?.open === false) current.showModal();
    if (!known && current?.open === true) current.close();
  }, [known]);
  return (
    <dialog ref={dialog} class="detail" aria-labelledby="detail-title" onClose={() => show({ row: null })}>
      {known && (
        <>
          <header class="bar">
            <h2 id="detail-title" tabIndex={-1} autofocus>
              {String(facts.value?.ids[row])}
            </h2>
            <button onClick={() => dialog.current?.close()}>Close</button>
          </header>
          <div class="columns">
            <Look row={row} />
            <div>
              <Decide row={row} kind={undefined} onDecided={() => {}} />
              <Twins row={row} />
            </div>
            <div>
              <ScoreTable row={row} />
              <Neighbours row={row} />
            </div>
          </div>
        </>
      )}
    </dialog>
  );
}
