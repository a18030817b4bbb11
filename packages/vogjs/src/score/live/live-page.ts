import process from 'node:process';
import { type Dashboard, dashboard } from '@vogjs/explorer';
import type { RunWriter } from '@vogjs/run';
import { watchTracker } from '@vogjs/run/record';
import type { Dataset } from '../data/dataset.js';
import type { Watch } from '../follow/work.js';

/** The live page of a run that is being made. */
export interface LivePage {
  /** Tells the page what the tracker tells. */
  readonly watch: Watch;
  /** Stays while somebody looks, and is closed then. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds: a page that is loaded anew is away for less. */
const PATIENCE = 3000;
const LOOK = 250;

/** Serves a run that was begun, with its pictures, so that the hardest are seen from the first checkpoint on. */
export async function openLivePage(
  run: RunWriter,
  folder: string,
  { thumbs }: Dataset,
  port: number | undefined,
): Promise<LivePage> {
  // Pictures first: what fails here leaves no server behind.
  if (thumbs !== undefined && (await run.storage.size('thumbs/index.json')) === null) await run.thumbs(thumbs);
  const page = await dashboard(folder, port === undefined ? {} : { port });
  // To where a program that reads the output does not look.
  console.error(`Live: ${page.link}`);
  const options = { memory: () => process.memoryUsage.rss() };
  return {
    watch: (tracker) =>
      watchTracker(tracker, (type, facts) => void run.event(type, { ...facts }).catch(() => {}), options),
    async leave() {
      if (page.pages() > 0) console.error('The page is open still: close it, or press Ctrl-C, to end.');
      await everybodyLeft(page);
      await page.close();
    },
    close: () => page.close(),
  };
}

/** Resolves when no page has followed for a while, or on Ctrl-C. */
async function everybodyLeft({ pages }: Dashboard): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  // Who never came is not waited for.
  let away = pages() > 0 ? 0 : PATIENCE;
  while (away < PATIENCE && !interrupted.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    away = pages() > 0 ? 0 : away + LOOK;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
}
