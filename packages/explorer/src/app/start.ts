// Reads the run that the address names, and follows it: decisions of other tabs and people, parts written anew.
import { effect } from '@preact/signals';
import { follow } from './client/follow.js';
import { attempt } from './state/notices.js';
import { description, loadReviews, loadRun, need } from './state/run-state.js';
import { charted } from './state/axes.js';
import { makeMaps } from './state/features.js';
import { feed, take } from './state/live-feed.js';
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
    feed.begin();
    stop = follow(run, (event) => {
      const { type, data } = event;
      if (type !== 'changed') return take(event);
      if (data === '"reviews"') void attempt('reviews', () => loadReviews(run));
      else void attempt('run', () => loadRun(run));
    });
  });
  effect(() => {
    document.title = `${description.value === null ? '' : `${description.value.name} · `}VoG.js explorer`;
  });
  // Orders, charts and filters come with their columns.
  effect(() => {
    const wanted = charted.value;
    if (wanted.length > 0) void attempt('columns', () => Promise.all(wanted.map(need)));
  });
  makeMaps();
}
