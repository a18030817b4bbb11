import type { LogEntry } from '../model/words.js';
import { secondOf } from '../model/time.js';

const SIGNS: Readonly<Record<LogEntry['kind'], string>> = {
  start: '▸',
  epoch: '→',
  checkpoint: '✓',
  stage: '≡',
  warning: '⚠',
};
/** As many are in the page; the others are in the run's events.jsonl. */
const SHOWN = 60;

/** What happened, the latest first. */
export function Events({ log }: { readonly log: readonly LogEntry[] }) {
  return (
    <section class="card" aria-labelledby="events-title">
      <h2 id="events-title">Events</h2>
      <ol class="log" tabIndex={0} aria-labelledby="events-title">
        {log
          .slice(-SHOWN)
          .toReversed()
          .map(({ kind, text, when }, at) => (
            <li key={`${when} ${log.length - at}`} class={kind}>
              <time>{secondOf(when)}</time>
              <span aria-hidden="true">{SIGNS[kind]}</span>
              <span>{text}</span>
            </li>
          ))}
      </ol>
    </section>
  );
}
