import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { yieldOf } from '../model/yield.js';
import { decided, undoLast } from '../state/decide.js';
import { className, decisions, facts, settled, skipped } from '../state/run-state.js';
import { said } from '../state/notices.js';
import { sortColumn } from '../state/axes.js';
import { filtered, percentile, queue, queues, SHOWN, shown } from '../state/rows.js';
import { show, view } from '../state/view-state.js';
import { Decide } from './decide.js';
import { Look } from './evidence.js';
import { KeyList } from './key-list.js';
import { Meter } from './meter.js';
import { Neighbours, Twins } from './neighbours.js';
import { QueueStrip } from './queue-strip.js';
import { ScoreTable } from './score-table.js';
import { useKeys } from './use-keys.js';
import { issueName, shareOf } from './words.js';

/** Waits until it is known what comes first: a key must not decide about another example. */
export function Review() {
  const ofIssue = queues.value.size > 0 && view.value.queue !== SHOWN;
  const ordered = ofIssue || (filtered.value && (sortColumn.value === undefined || percentile.value !== null));
  if (settled.value && ordered) return <Queue />;
  return (
    <main id="main" class="review">
      <p class="bar">Reading what is to be reviewed…</p>
    </main>
  );
}

/** The queue of an issue, one example after the other. */
function Queue() {
  const rows = queue.value;
  const [keysShown, showKeys] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const asked = view.value.row === null ? -1 : rows.indexOf(view.value.row);
  const next = (after: number): number | undefined => {
    const waits = (row: number): boolean => !decisions.value.has(row) && !skipped.value.has(row);
    return rows.subarray(after + 1).find(waits) ?? rows.subarray(0, after + 1).find(waits);
  };
  const row = asked === -1 ? next(-1) : rows[asked];
  const at = row === undefined ? -1 : rows.indexOf(row);
  const go = (place: number): void => {
    if (place >= 0 && place < rows.length) show({ row: rows[place] as number });
  };
  const undo = async (): Promise<void> => {
    const undone = await undoLast();
    if (undone !== null) show({ row: undone });
  };
  useKeys({
    ArrowLeft: () => go(at - 1),
    ArrowRight: () => go(at + 1),
    u: () => void undo(),
    '?': () => showKeys(!keysShown),
    Escape: () => (keysShown ? showKeys(false) : show({ tab: 'gallery', row: null }, true)),
  });
  // Focus goes to the heading, never to a button: Enter must not relabel by accident. Before it is seen: a quick key that
  // goes into a field must not lose it.
  useLayoutEffect(() => heading.current?.focus(), [row]);
  return (
    <main id="main" class="review">
      <div class="bar">
        <h1 class="vh">Review</h1>
        <Issue />
        <Progress />
        <span class="note last" aria-hidden="true">
          {said.value}
        </span>
        <button disabled={decided.value.length === 0} onClick={() => void undo()} aria-keyshortcuts="u">
          Undo <kbd>U</kbd>
        </button>
        <button aria-expanded={keysShown} onClick={() => showKeys(!keysShown)}>
          Keys <kbd>?</kbd>
        </button>
      </div>
      {keysShown && <KeyList />}
      {row === undefined ? (
        <Done count={rows.length} />
      ) : (
        <div class="columns">
          <div>
            <h2 ref={heading} tabIndex={-1} class="example">
              {String(facts.value?.ids[row])} <small>given {className(facts.value?.labels?.[row])}</small>
            </h2>
            <Look row={row} />
          </div>
          <div>
            <Decide
              row={row}
              kind={queues.value.has(view.value.queue) ? view.value.queue : undefined}
              onDecided={() => show({ row: next(at) ?? null })}
            />
            <Twins row={row} />
          </div>
          <div>
            <ScoreTable row={row} />
            <Neighbours row={row} />
          </div>
        </div>
      )}
      <QueueStrip rows={rows} at={at} />
    </main>
  );
}

function Issue() {
  if (queues.value.size === 0) return <strong>All that the gallery shows</strong>;
  const count = shown.value.length.toLocaleString('en');
  return (
    <select
      aria-label="Issue to review"
      value={view.value.queue}
      onChange={(event) => show({ queue: event.currentTarget.value, row: null })}
    >
      {[...queues.value].map(([kind, count]) => (
        <option key={kind} value={kind}>
          {issueName(kind)} ({count})
        </option>
      ))}
      <option value={SHOWN}>What the gallery shows ({count})</option>
    </select>
  );
}

/** What the review gave so far, so that one knows when to stop. */
function Progress() {
  const { reviewed, wrong, precision, interval, expected, left } = yieldOf(queue.value, decisions.value);
  return (
    <p class="progress">
      <Meter share={reviewed / Math.max(1, reviewed + left)} /> Reviewed <strong>{reviewed}</strong>
      {interval !== null && (
        <>
          {' '}
          · <strong>{wrong}</strong> wrong · precision <strong>{shareOf(precision)}</strong>{' '}
          <small>
            [{shareOf(interval[0])}, {shareOf(interval[1])}]
          </small>{' '}
          · expected left: <strong>{expected}</strong>
        </>
      )}
    </p>
  );
}

function Done({ count }: { readonly count: number }) {
  const waiting = queue.value.filter((row) => skipped.value.has(row));
  return (
    <div class="empty">
      <h2>{count === 0 ? 'Nothing to review here' : 'All of them are decided'}</h2>
      <p>
        {count === 0
          ? 'This issue flags no example. Choose another above.'
          : 'Every decision is in reviews.jsonl of the run. "Give back" above writes corrections and exports.'}
      </p>
      {waiting.length > 0 && (
        <button onClick={() => show({ row: waiting[0] as number })}>Look at the {waiting.length} skipped</button>
      )}
    </div>
  );
}
