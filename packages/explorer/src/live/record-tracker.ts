import process from 'node:process';
import type { Tracker } from '@vogjs/core';
import { checkPixelImages, type PixelImages } from '@vogjs/formats/images';
import { memoryStorage, type RunStorage } from '@vogjs/run';
import { recordRun, thumbsOf } from '@vogjs/run/record';

/** A tracker's run in memory, which the page looks at. */
interface TrackedRun {
  readonly storage: RunStorage;
  stop(): void;
}

/** What of a tracker is shown, and how. */
interface Shown {
  readonly name: string;
  readonly by: string | undefined;
  readonly images: PixelImages | undefined;
  /** Told of what could not be written. */
  readonly onFailure: (error: unknown) => void;
}

/** Records a tracker into memory as its training goes on; at the end of each fit the scores are there as well. */
export async function recordTracker(tracker: Tracker, { name, by, images, onFailure }: Shown): Promise<TrackedRun> {
  // Refuses a tracker that was disposed before anything is made.
  const { examples } = tracker.plan();
  if (images !== undefined) checkPixelImages('images', images, examples);
  const storage = memoryStorage(name);
  const live = { memory: () => process.memoryUsage.rss(), ...(by === undefined ? {} : { by }) };
  const recorder = await recordRun(tracker, storage, { live });
  try {
    if (images !== undefined) await recorder.run.thumbs(thumbsOf(images));
  } catch (error) {
    recorder.stop();
    throw error;
  }
  const off = tracker.on('checkpointEnd', ({ position }) => {
    if (position.progress === 1) recorder.scores().catch(onFailure);
  });
  return {
    storage,
    stop() {
      off();
      recorder.stop();
    },
  };
}
