// Where the rows lie on the map that is looked at, and on those that were drawn on.
import { computed } from '@preact/signals';
import type { Inside, Lasso, MapKind } from '../model/filter.js';
import { type Places, rowsInside } from '../model/lasso.js';
import { placeOf, scaleOf } from '../model/scale.js';
import { sortedOf } from '../model/sorted.js';
import { type Axis, horizontal, named, vertical } from './axes.js';
import { featureMap } from './features.js';
import { scoreValues } from './run-state.js';
import { view } from './view-state.js';

const along = ({ values, scale }: Pick<Axis, 'values' | 'scale'>): Float32Array =>
  values.map((value) => placeOf(scale, value));
const ranked = ({ values, column }: Pick<Axis, 'values' | 'column'>): Float32Array =>
  sortedOf(values).percentiles(column.hardDirection === 'high');

const across = computed(() => horizontal.value && along(horizontal.value));
const upwards = computed(() => vertical.value && along(vertical.value));
/** Percentiles of both scores of the map, the hardest near 100. */
export const ranks = computed(() => {
  if (view.value.map !== 'ranks' || horizontal.value === null || vertical.value === null) return null;
  return { across: ranked(horizontal.value), upwards: ranked(vertical.value) };
});
const rankPlaces = computed((): Places | null => {
  if (ranks.value === null) return null;
  return { x: ranks.value.across.map((rank) => rank / 100), y: ranks.value.upwards.map((rank) => rank / 100) };
});
const scorePlaces = computed((): Places | null =>
  across.value === null || upwards.value === null ? null : { x: across.value, y: upwards.value },
);

const kind = computed(() => view.value.map);
/** The map that is looked at; null before it is there. */
export const places = computed((): Places | null => {
  if (kind.value === 'scores') return scorePlaces.value;
  return kind.value === 'ranks' ? rankPlaces.value : (featureMap(kind.value)?.places ?? null);
});

/** What a region that is drawn now is drawn on. */
export function drawnOn(): { map: MapKind; across: string; upwards: string } {
  const { map } = view.value;
  const ofScores = map === 'scores' || map === 'ranks';
  const name = (axis: Axis | null): string => (ofScores ? (axis?.column.name ?? '') : '');
  return { map, across: name(horizontal.value), upwards: name(vertical.value) };
}

/** The map of a lasso, which may be another than is looked at. */
function placesOf({ map, across: x, upwards: y }: Lasso): Places | null {
  if (map === 'pca' || map === 'umap') return featureMap(map)?.places ?? null;
  const shown = drawnOn();
  if (shown.map === map && shown.across === x && shown.upwards === y) return places.value;
  const one = (name: string): Float32Array | null => {
    const [column, values] = [named(name), scoreValues(name)];
    if (column === undefined || values === null) return null;
    if (map === 'ranks') return ranked({ values, column }).map((rank) => rank / 100);
    const scale = scaleOf(values, true);
    return scale && along({ values, scale });
  };
  const [px, py] = [one(x), one(y)];
  return px === null || py === null ? null : { x: px, y: py };
}

/** Each region is tested once, however often filters ask. */
const tested = new WeakMap<Lasso, { readonly on: Places; readonly mask: Uint8Array }>();

export const inside: Inside = (lasso) => {
  const on = placesOf(lasso);
  if (on === null) return null;
  const known = tested.get(lasso);
  if (known?.on === on) return known.mask;
  const mask = rowsInside(on, lasso);
  tested.set(lasso, { on, mask });
  return mask;
};
