// Maps of the stored features: principal components from the server, UMAP by a worker of the page.
import { computed, effect, signal } from '@preact/signals';
import { ask } from '../client/client.js';
import type { Places } from '../model/lasso.js';
import { placeOf, scaleOf } from '../model/scale.js';
import { attempt } from './notices.js';
import { description } from './run-state.js';
import { view } from './view-state.js';

/** Components that neighbours in UMAP are sought by. */
const FOR_UMAP = 15;

interface Found {
  /** The run and its edition that it is of. */
  readonly of: string;
  readonly places: Places;
  /** Share of the variance that lies in the map; of principal components only. */
  readonly share: number;
}

const found = signal<Readonly<Record<'pca' | 'umap', Found | null>>>({ pca: null, umap: null });
/** How far UMAP is, 0 to 1; null while it does not work. */
export const umapDone = signal<number | null>(null);

const here = computed(() => `${description.value?.run} ${description.value?.edition}`);

export function featureMap(map: 'pca' | 'umap'): Found | null {
  const known = found.value[map];
  return known?.of === here.value ? known : null;
}

const wanted = computed(() => {
  const { map, filter } = view.value;
  const maps = new Set([map, ...filter.lassos.map((lasso) => lasso.map)]);
  return description.value?.has.features === true ? (['pca', 'umap'] as const).filter((each) => maps.has(each)) : [];
});

/** Ends the layout that is under way: another run is shown. */
let abandon = (): void => {};
const underWay = new Set<string>();

/** Makes the maps that the view asks for, unless they are there or under way. */
export function makeMaps(): void {
  effect(() => {
    const of = here.value;
    for (const map of wanted.value) void make(map, of);
  });
}

async function make(map: 'pca' | 'umap', of: string): Promise<void> {
  const key = `${of} ${map}`;
  if (underWay.has(key) || found.peek()[map]?.of === of) return;
  underWay.add(key);
  await attempt('map of features', () => (map === 'pca' ? loadComponents(of) : layOut(of)));
  underWay.delete(key);
}

async function componentsOf(count: number): Promise<{ values: Float32Array; share: number }> {
  const response = await ask(`/api/runs/${description.value?.run}/components/${count}`);
  return {
    values: new Float32Array(await response.arrayBuffer()),
    share: Number(response.headers.get('vogjs-share')),
  };
}

async function loadComponents(of: string): Promise<void> {
  const { values, share } = await componentsOf(2);
  take('pca', { of, places: placesOf(values), share });
}

async function layOut(of: string): Promise<void> {
  const { values } = await componentsOf(FOR_UMAP);
  abandon();
  umapDone.value = 0;
  const own = new Worker(new URL('../umap/umap-worker.ts', import.meta.url), { type: 'module' });
  let isAbandoned = false;
  try {
    const laid = await new Promise<Float32Array | null>((resolve, reject) => {
      abandon = () => {
        isAbandoned = true;
        resolve(null);
      };
      own.addEventListener('error', ({ message }) => reject(new Error(`UMAP failed: ${message}`)));
      own.addEventListener('message', ({ data }: MessageEvent<number | Float32Array>) => {
        if (typeof data === 'number') umapDone.value = data;
        else resolve(data);
      });
      own.postMessage({ values, size: FOR_UMAP }, [values.buffer]);
    });
    if (laid !== null) take('umap', { of, places: placesOf(laid), share: Number.NaN });
  } finally {
    own.terminate();
    // Another layout has begun, whose progress is shown.
    if (!isAbandoned) umapDone.value = null;
  }
}

function take(map: 'pca' | 'umap', value: Found): void {
  found.value = { ...found.value, [map]: value };
}

/** Rows of pairs, each axis drawn over its whole length. */
function placesOf(pairs: Float32Array): Places {
  const along = (offset: 0 | 1): Float32Array => {
    const values = new Float32Array(pairs.length / 2);
    for (let row = 0; row < values.length; row++) values[row] = pairs[2 * row + offset] as number;
    const scale = scaleOf(values, true);
    return scale === null ? values.fill(0.5) : values.map((value) => placeOf(scale, value));
  };
  return { x: along(0), y: along(1) };
}
