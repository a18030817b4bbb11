// Reads the run that the address names, and follows it: decisions of other tabs and people, parts written anew.
import { effect } from '@preact/signals';
import { follow } from './client/follow.js';
import { attempt } from './state/notices.js';
import { description, loadReviews, loadRun, need } from './state/run-state.js';
import { sortColumn } from './state/rows.js';
import { view } from './state/view-state.js';

export async function start(): Promise<void> {
  let stop = (): void => {};
  let followed: number | null = null;
  effect(() => {
    const { run } = view.value;
    if (run === followed) return;
    followed = run;
    stop();
    void attempt('run', () => loadRun(run));
    stop = follow(run, ({ type, data }) => {
      if (type !== 'changed') return;
      if (data === '"reviews"') void attempt('reviews', () => loadReviews(run));
      else void attempt('run', () => loadRun(run));
    });
  });
  effect(() => {
    document.title = `${description.value === null ? '' : `${description.value.name} · `}VoG.js explorer`;
  });
  // The gallery's order comes with its column.
  effect(() => {
    const column = sortColumn.value;
    if (description.value !== null && column !== undefined) void attempt('columns', () => need(column));
  });
}
