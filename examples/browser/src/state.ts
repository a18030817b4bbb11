// What the page knows, and what its controls do.
import { computed, signal } from '@preact/signals';
import { type Backend, BACKEND_TITLES, BACKENDS, type Offer, offers, preferred, useBackend } from './backends.js';
import { type Examples, fashionExamples } from './examples.js';
import { folderExamples } from './folder.js';
import { type Reading, type Run, type Snapshot, startRun } from './training.js';

export type Phase = 'looking' | 'ready' | 'loading' | 'training' | 'done' | 'stopped' | 'failed';

export const phase = signal<Phase>('looking');
/** What went wrong, or what to know about the data. */
export const failure = signal<string | null>(null);
export const notes = signal<readonly string[]>([]);

export const available = signal<readonly Offer[]>([]);
export const backend = signal<Backend | null>(null);
export const why = signal('');

export const size = signal(1000);
export const epochs = signal(8);
export const plant = signal(true);

export const examples = signal<Examples | null>(null);
export const snapshots = signal<readonly Snapshot[]>([]);
export const reading = signal<Reading>('vog-loss');
export const progress = signal<{ readonly share: number; readonly text: string }>({ share: 0, text: '' });
/** The example in the dialog. */
export const opened = signal<number | null>(null);
export const prediction = signal<Float32Array | null>(null);

export const latest = computed(() => snapshots.value.at(-1) ?? null);
/** The latest snapshot once it has scores: variance needs two checkpoints. */
export const scored = computed(() => (latest.value !== null && latest.value.epoch >= 2 ? latest.value : null));
export const busy = computed(() => phase.value === 'loading' || phase.value === 'training');

/** The share of examples planted wrong where the page plants any. */
const PLANTED_SHARE = 0.05;
const SEED = 1;
let run: Run | null = null;

/** A whole number from the address, within bounds; otherwise what stands there already. */
function numberIn(parameters: URLSearchParams, name: string, least: number, most: number, otherwise: number): number {
  const value = Number(parameters.get(name) ?? otherwise);
  return Number.isInteger(value) && value >= least && value <= most ? value : otherwise;
}

/**
 * Looks at what the browser offers and takes the best, or the one that the address names: `?backend=wasm`. It may also
 * say `images=500` and `epochs=10`.
 */
export async function start(): Promise<void> {
  available.value = await offers();
  const parameters = new URLSearchParams(location.search);
  size.value = numberIn(parameters, 'images', 20, 10_000, size.value);
  epochs.value = numberIn(parameters, 'epochs', 2, 100, epochs.value);
  const named = parameters.get('backend');
  const asked = BACKENDS.find((name) => name === named);
  const best = preferred(available.value);
  if (asked !== undefined) {
    backend.value = asked;
    why.value = `${BACKEND_TITLES[asked]}, as the address asks.`;
  } else if (best !== undefined) {
    backend.value = best.backend;
    why.value = best.hardware
      ? `${BACKEND_TITLES[best.backend]}: it computes on a graphics card here.`
      : `${BACKEND_TITLES[best.backend]}: no graphics card was found that a page may use.`;
  }
  phase.value = backend.value === null ? 'failed' : 'ready';
  if (backend.value === null) failure.value = 'This browser offers no way to compute: no WebGPU, WebGL or WebAssembly.';
}

export function choose(name: Backend): void {
  backend.value = name;
  why.value = `${BACKEND_TITLES[name]}: your choice. ${available.value.find((offer) => offer.backend === name)?.reason ?? ''}`;
}

export async function trainOnFashion(): Promise<void> {
  await train(async () => {
    notes.value = [];
    return fashionExamples(size.value, plant.value ? PLANTED_SHARE : 0, SEED);
  });
}

export async function trainOnFolder(found: Promise<Parameters<typeof folderExamples>[0]>): Promise<void> {
  await train(async () => {
    const read = await folderExamples(await found, (done, total) => {
      progress.value = { share: done / total, text: `Reading image ${done + 1} of ${total}` };
    });
    notes.value = read.notes;
    return read.examples;
  });
}

async function train(load: () => Promise<Examples>): Promise<void> {
  if (busy.value || backend.value === null) return;
  failure.value = null;
  phase.value = 'loading';
  progress.value = { share: 0, text: 'Reading the images' };
  try {
    run?.dispose();
    run = null;
    opened.value = null;
    const loaded = await load();
    progress.value = { share: 0, text: `Starting ${BACKEND_TITLES[backend.value]}` };
    await useBackend(backend.value);
    snapshots.value = [];
    examples.value = loaded;
    phase.value = 'training';
    let epoch = 1;
    run = startRun(loaded, epochs.value, SEED, {
      batch: (done, total) => {
        epoch = Math.ceil((done / total) * epochs.value);
        progress.value = { share: done / total, text: `Epoch ${epoch} of ${epochs.value}: training` };
      },
      checkpoint: (done, total) => {
        progress.value = {
          share: progress.value.share,
          text: `Epoch ${epoch} of ${epochs.value}: scoring example ${done} of ${total}`,
        };
      },
      snapshot: (snapshot) => (snapshots.value = [...snapshots.value, snapshot]),
    });
    await run.finished;
    const whole = snapshots.value.length === epochs.value;
    phase.value = whole ? 'done' : 'stopped';
    progress.value = { share: 1, text: whole ? 'Done.' : `Stopped after epoch ${snapshots.value.length}.` };
  } catch (error) {
    phase.value = 'failed';
    failure.value = error instanceof Error ? error.message : String(error);
  }
}

export function stop(): void {
  run?.stop();
}

export async function open(index: number): Promise<void> {
  opened.value = index;
  prediction.value = null;
  const values = await run?.predict(index);
  if (opened.value === index && values !== undefined) prediction.value = values;
}
