import { description, list, ood } from '../state/run-state.js';
import { undecided } from '../state/rows.js';
import { FIRST_VIEW, type Tab as TabName } from '../model/view.js';
import { feed } from '../state/live-feed.js';
import { show, view } from '../state/view-state.js';
import { GiveBack } from './give-back.js';

export function Top() {
  const { manifest } = description.value ?? {};
  const left = undecided.value;
  return (
    <header class="top">
      <strong class="brand">VoG.js</strong>
      <Runs />
      {manifest !== undefined && (
        <span class="note facts">
          {manifest.examples.toLocaleString('en')} examples
          {ood.value === null && ` · ${manifest.checkpoints.length} checkpoints`}
          {manifest.state === 'running' && ' · being written'}
        </span>
      )}
      <nav aria-label="Views">
        <Tab tab="gallery">Gallery</Tab>
        {ood.value !== null && <Tab tab="ood">Sets</Tab>}
        <Tab tab="review">
          Review <span class="note">{left > 0 ? left : ''}</span>
        </Tab>
        {(list.value?.runs ?? []).filter((each) => !each.ood).length > 1 && ood.value === null && (
          <Tab tab="compare">Compare</Tab>
        )}
        {(manifest?.state === 'running' || feed.hasLines.value) && (
          <Tab tab="live">{manifest?.state === 'running' ? 'Live' : 'Training'}</Tab>
        )}
      </nav>
      {manifest !== undefined && <GiveBack />}
    </header>
  );
}

function Tab({ tab, children }: { tab: TabName; children: preact.ComponentChildren }) {
  return (
    <button
      class="tab"
      aria-current={view.value.tab === tab ? 'page' : undefined}
      onClick={() => show({ tab, row: null }, true)}
    >
      {children}
    </button>
  );
}

function Runs() {
  const runs = list.value?.runs ?? [];
  if (runs.length < 2) return <strong class="run">{description.value?.name ?? ''}</strong>;
  return (
    <select
      class="run"
      aria-label="Run"
      value={view.value.run}
      onChange={(event) => show({ ...FIRST_VIEW, run: Number(event.currentTarget.value) }, true)}
    >
      {runs.map(({ run, name, state }) => (
        <option key={run} value={run}>
          {name}
          {state === 'damaged' && ' (damaged)'}
        </option>
      ))}
    </select>
  );
}
