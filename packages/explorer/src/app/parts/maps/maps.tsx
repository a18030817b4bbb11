import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { ApiMaps } from '../../../api/types.js';
import { askJson } from '../../client/client.js';
import { Thumb } from '../thumb.js';
import { className, description, facts, hasPictures } from '../../state/run-state.js';
import { shown, useMap } from './ask-map.js';
import { HeatFigure } from './heat-figure.js';
import './maps.css';

/** Which checkpoint is looked at, of those that are kept; null for the last. It stays for the next example. */
const chosen = signal<number | null>(null);

/** Where an example's input gradient is strong, and where it moved: asked for by who opens them. */
export function Maps({ row }: { readonly row: number }) {
  if (!hasPictures.value || description.value === null) return null;
  return (
    <details
      class="maps"
      open={shown.value}
      onToggle={({ currentTarget }) => {
        shown.value = currentTarget.open;
      }}
    >
      <summary>Gradient maps</summary>
      {shown.value && <Available row={row} />}
    </details>
  );
}

/** What can be computed; or, in a line, why nothing can. */
function Available({ row }: { readonly row: number }) {
  const { run, edition } = description.value!;
  const [maps, setMaps] = useState<ApiMaps | null>(null);
  useEffect(() => {
    let current = true;
    askJson<ApiMaps>(`/api/runs/${run}/maps`).then(
      (value) => current && setMaps(value),
      (error: unknown) =>
        current && setMaps({ checkpoints: [], why: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      current = false;
    };
  }, [run, edition]);
  if (maps === null) return <p class="note">Looking for checkpoints…</p>;
  if (maps.why !== null) return <p class="note">{maps.why}</p>;
  return <Pictures key={row} row={row} kept={maps.checkpoints} />;
}

function Pictures({ row, kept }: { readonly row: number; readonly kept: readonly number[] }) {
  const { run, edition, manifest } = description.value!;
  const last = kept.length - 1;
  const asked = chosen.value === null ? last : kept.indexOf(chosen.value);
  const place = asked === -1 ? last : asked;
  const number = kept[place] as number;
  const gradient = useMap(`/api/runs/${run}/maps/${row}/${number}?${encodeURIComponent(edition)}`);
  const deviation = useMap(kept.length < 2 ? null : `/api/runs/${run}/maps/${row}?${encodeURIComponent(edition)}`);
  const label = facts.value?.labels?.[row];
  const of = label === undefined ? 'the class predicted there' : className(label);
  const all = manifest.checkpoints.length;
  const source = manifest.checkpoints[number]?.source;
  const words = `checkpoint ${number + 1} of ${all}${source === undefined ? '' : `, ${source}`}`;
  const mean =
    deviation.heat === null ? null : deviation.heat.values.reduce((a, b) => a + b, 0) / deviation.heat.values.length;
  return (
    <div class="map-row">
      <label class="at">
        <span>
          Gradient at <strong>{words}</strong>
        </span>
        <input
          type="range"
          min={0}
          max={last}
          value={place}
          disabled={last === 0}
          aria-label="Checkpoint"
          aria-valuetext={words}
          onInput={({ currentTarget }) => {
            chosen.value = kept[Number(currentTarget.value)] ?? null;
          }}
        />
      </label>
      <figure class="heat">
        <figcaption>
          <strong>Picture</strong>
        </figcaption>
        <Thumb row={row} />
      </figure>
      <HeatFigure title="Gradient" asked={gradient}>
        Of p({of}) by each pixel: absolute values, summed over channels.
      </HeatFigure>
      {kept.length < 2 ? (
        <p class="note">A VoG map needs two checkpoints, and one is kept.</p>
      ) : (
        <HeatFigure title="VoG map" asked={deviation}>
          How much it moved over{' '}
          {kept.length === all ? `all ${all}` : `the ${kept.length} of ${all} that are kept of its`} checkpoints.{' '}
          {mean !== null &&
            (kept.length === all ? `Its mean, ${mean.toPrecision(3)}, is VoG.` : `Its mean is ${mean.toPrecision(3)}.`)}
        </HeatFigure>
      )}
    </div>
  );
}
