import { lazy } from './lazy.js';
import { Detail } from './parts/detail.js';
import { Filters } from './parts/filters.js';
import { Gallery } from './parts/gallery.js';
import { Review } from './parts/review.js';
import { Top } from './parts/top.js';
import { faults, said } from './state/notices.js';
import { description, list, reviews } from './state/run-state.js';
import { lost } from './state/thumbs.js';
import { view } from './state/view-state.js';

const Live = lazy(async () => (await import('./live/live.js')).Live);
const Ood = lazy(async () => (await import('./ood/ood.js')).Ood);
const Compare = lazy(async () => (await import('./compare/compare.js')).Compare);

export function App() {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the examples
      </a>
      <Top />
      <Notices />
      <Body />
      <p class="vh" role="status">
        {said.value}
      </p>
    </>
  );
}

function Body() {
  if (description.value === null) {
    return <main id="main">{faults.value.size === 0 && <p class="pad">Reading the run…</p>}</main>;
  }
  if (view.value.tab === 'live') return <Live />;
  if (description.value.columns.length === 0) {
    return (
      <main id="main">
        <h1 class="pad">No scores yet</h1>
        <p class="pad">
          {description.value.manifest.state === 'running'
            ? 'The run is being written. This page shows its examples once the scores are there; "Live" shows how far it is.'
            : 'The run has no table of scores.'}
        </p>
      </main>
    );
  }
  if (view.value.tab === 'ood') return <Ood />;
  if (view.value.tab === 'compare') return <Compare />;
  if (view.value.tab === 'review') return <Review />;
  return (
    <div class="overview">
      <Filters />
      <Gallery />
      <Detail />
    </div>
  );
}

function Notices() {
  const torn = reviews.value.torn;
  const damaged = list.value?.runs.find(({ run }) => run === view.value.run)?.message;
  const told = [...faults.value.values(), ...(description.value?.faults ?? []), damaged].filter(
    (text) => typeof text === 'string',
  );
  return (
    <div class="notices">
      {[...new Set(told)].map((text) => (
        <p key={text} class="notice fault" role="alert">
          {text}
        </p>
      ))}
      {lost.value !== null && <p class="notice fault">{lost.value}</p>}
      {torn > 0 && (
        <p class="notice">
          {torn} {torn === 1 ? 'line' : 'lines'} of reviews.jsonl cannot be read, and {torn === 1 ? 'is' : 'are'} left
          out: a crash may have cut {torn === 1 ? 'it' : 'them'}.
        </p>
      )}
    </div>
  );
}
