import { isStored } from '../../stored.js';
import { namedContent } from '../data/content.js';
import { stampsOf } from '../data/stamps.js';
import type { NewsStream } from '../fetched/fetch-news.js';
import { findCheckpoints, sourceOfCheckpoint } from './find-checkpoints.js';
import type { CheckpointPlace, FoundCheckpoint } from './found.js';

/**
 * The place of a pattern: a path, or `s3://bucket/…`.
 *
 * @param news where it is told how far a long fetch is
 */
export async function checkpointPlace(pattern: string, news: NewsStream | null): Promise<CheckpointPlace> {
  // Only who asks for it loads what talks to stores.
  return isStored(pattern) ? (await import('./stored-place.js')).storedPlace(pattern, news) : folderPlace(pattern);
}

function folderPlace(pattern: string): CheckpointPlace {
  return {
    isAtomic: false,
    looks: [250, 250],
    async find() {
      const { paths, others } = findCheckpoints(pattern);
      return { found: paths.map(inFolder), others, isBusy: false };
    },
  };
}

function inFolder(path: string): FoundCheckpoint {
  return {
    path,
    source: sourceOfCheckpoint(path),
    stamps: () => stampsOf([path]),
    lacking: async () => null,
    content: () => namedContent(path),
    use: (use) => use(path),
  };
}
