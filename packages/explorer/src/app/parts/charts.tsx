import { sortable, sortColumn } from '../state/axes.js';
import { dropLasso, setRanges } from '../state/charts.js';
import { description } from '../state/run-state.js';
import { view } from '../state/view-state.js';
import { Histogram } from './histogram.js';
import { MapCard } from './map-card.js';
import { figure } from './words.js';

/** The scores of all examples, linked with the gallery: what is brushed is what it shows. */
export function Charts() {
  if (sortable.value.length === 0) return null;
  return (
    <details class="charts" open={!matchMedia('(max-width: 48rem)').matches}>
      <summary>Charts</summary>
      <div class="chart-row">
        <section class="card">
          <h2>{sortColumn.value?.name}</h2>
          <Histogram />
        </section>
        {(sortable.value.length > 1 || description.value?.has.features === true) && <MapCard />}
      </div>
    </details>
  );
}

/** What the charts filter by, each to be taken off. */
export function Ranges() {
  return (
    <>
      {view.value.filter.ranges.map(({ column, low, high }) => (
        <button key={column} class="chip" onClick={() => setRanges({ [column]: null })}>
          {column}{' '}
          {low === -Infinity
            ? `≤ ${figure(high)}`
            : high === Infinity
              ? `≥ ${figure(low)}`
              : `${figure(low)} to ${figure(high)}`}
          <span class="vh">, take it off</span> <span aria-hidden="true">✕</span>
        </button>
      ))}
      {view.value.filter.lassos.map((lasso) => (
        <button key={`${lasso.map} ${lasso.across} ${lasso.upwards}`} class="chip" onClick={() => dropLasso(lasso)}>
          {lasso.map === 'pca' || lasso.map === 'umap'
            ? `region of ${lasso.map.toUpperCase()}`
            : `region of ${lasso.upwards} by ${lasso.across}`}
          <span class="vh">, take it off</span> <span aria-hidden="true">✕</span>
        </button>
      ))}
    </>
  );
}
