import { useState } from 'preact/hooks';
import { agreementOf } from '../model/agreement.js';
import type { MapKind } from '../model/filter.js';
import { horizontal, sortable, vertical, windowPair } from '../state/axes.js';
import { featureMap, umapDone } from '../state/features.js';
import { places, ranks } from '../state/maps.js';
import { description } from '../state/run-state.js';
import { show, view } from '../state/view-state.js';
import { RowMap } from './row-map.js';
import { shareOf } from './words.js';

/** Maps of all rows: of two scores, of their ranks, of early against late, of features. */
export function MapCard() {
  const [lasso, setLasso] = useState(false);
  const { map } = view.value;
  const ofScores = map === 'scores' || map === 'ranks';
  const name = ofScores
    ? `${horizontal.value?.column.name}, across, and ${vertical.value?.column.name}, upwards${map === 'ranks' ? ', as ranks' : ''}`
    : `their features, ${NAMES[map]}`;
  return (
    <section class="card">
      <header>
        <h2 class="vh">Map of the examples</h2>
        <MapMenu />
        {ofScores && <MapAxes />}
        <button class="tool" aria-pressed={lasso} onClick={() => setLasso(!lasso)}>
          <span aria-hidden="true">{lasso ? '◌' : '▭'}</span> {lasso ? 'Lasso' : 'Box'}
        </button>
      </header>
      {places.value === null ? <p class="note waits">{waiting(map)}</p> : <RowMap lasso={lasso} name={name} />}
      <p class="note legend">
        <Says />
        <span>
          <span class="diamond" aria-hidden="true">
            ◆
          </span>{' '}
          flagged
        </span>
      </p>
    </section>
  );
}

const NAMES: Readonly<Record<MapKind, string>> = {
  scores: 'Two scores',
  ranks: 'Ranks of two scores',
  pca: 'PCA of features',
  umap: 'UMAP of features',
};

function waiting(map: MapKind): string {
  if (map === 'scores' || map === 'ranks') return 'These scores are being read, or do not vary.';
  if (description.value?.has.features !== true) return 'This run stores no features.';
  const done = umapDone.value;
  return done === null || map === 'pca'
    ? 'Reading the features…'
    : `Laying out the examples… ${Math.floor(100 * done)} %`;
}

/** What the map shows, in a line. */
function Says() {
  const { map } = view.value;
  if (map === 'ranks' && ranks.value !== null) {
    const { spearman, overlap } = agreementOf(ranks.value.across, ranks.value.upwards);
    return (
      <span>
        rank correlation <strong>{shareOf(spearman)}</strong> · of the hardest tenth{' '}
        <strong>{Number.isNaN(overlap) ? '–' : `${Math.round(100 * overlap)} %`}</strong> in both
      </span>
    );
  }
  if (map === 'pca') {
    const share = featureMap('pca')?.share;
    return <span>{share === undefined ? '' : `${Math.round(100 * share)} % of the features’ variance`}</span>;
  }
  return <span>{map === 'umap' ? 'near means alike; distances between groups mean little' : ''}</span>;
}

const EARLY_LATE = 'early-late';

function MapMenu() {
  const pair = windowPair.value;
  const { map } = view.value;
  const names = [horizontal.value?.column.name, vertical.value?.column.name];
  const isEarlyLate = map === 'ranks' && pair !== null && pair.every((name, at) => name === names[at]);
  const kinds = (['scores', 'ranks', 'pca', 'umap'] as const).filter(
    (kind) => kind === 'scores' || (kind === 'ranks' ? sortable.value.length > 1 : description.value?.has.features),
  );
  return (
    <select
      aria-label="Map"
      value={isEarlyLate ? EARLY_LATE : map}
      onChange={(event) => {
        const { value } = event.currentTarget;
        if (value === EARLY_LATE && pair !== null) show({ map: 'ranks', across: pair[0], upwards: pair[1] });
        else show({ map: value as MapKind });
      }}
    >
      {kinds.map((kind) => (
        <option key={kind} value={kind}>
          {NAMES[kind]}
        </option>
      ))}
      {pair !== null && <option value={EARLY_LATE}>Early against late</option>}
    </select>
  );
}

/** Which two scores the map is of. */
function MapAxes() {
  const options = sortable.value.map(({ name }) => (
    <option key={name} value={name}>
      {name}
    </option>
  ));
  return (
    <span class="axes">
      <select
        aria-label="Upwards"
        value={vertical.value?.column.name}
        onChange={(event) => show({ upwards: event.currentTarget.value })}
      >
        {options}
      </select>
      <span class="note"> by </span>
      <select
        aria-label="Across"
        value={horizontal.value?.column.name}
        onChange={(event) => show({ across: event.currentTarget.value })}
      >
        {options}
      </select>
    </span>
  );
}
