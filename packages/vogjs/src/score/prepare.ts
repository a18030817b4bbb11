import { UsageError } from '../usage-error.js';
import { openLogits } from './checkpoints/logit-files.js';
import { storedLogits } from './checkpoints/stored-logits.js';
import type { ResolvedConfig } from './config/options.js';
import type { Following } from './follow/followed.js';
import { chooseMetrics } from './follow/metrics.js';
import { planCheckpoints, scoreCheckpoints } from './follow/score-checkpoints.js';
import type { Work } from './follow/work.js';

/** What the run is made of, by which its folder is called unless told. */
export function sourceOf({ logits, data }: ResolvedConfig): string {
  const source = logits ?? data;
  if (source !== undefined) return source;
  throw new UsageError('Nothing to score. Give stored logits: vogjs score --logits logits.npy --labels labels.csv');
}

/** Reads and checks what is to be scored, before anything is written. */
export async function prepare(config: ResolvedConfig): Promise<Work> {
  sourceOf(config);
  return prepareLogits(config);
}

async function prepareLogits(config: ResolvedConfig): Promise<Work> {
  const { logits = '', labels, classNames, metrics: names, windows, chunkSize } = config;
  const { dataset, checkpoints } = await storedLogits(await openLogits(logits), logits, labels, classNames);
  const { metrics, notes } = chooseMetrics(names, { labels: dataset.labels !== undefined, model: false });
  const following: Following = { dataset, metrics, windows, chunkSize };
  return {
    dataset,
    model: { name: null, hash: null },
    notes,
    plan: () => planCheckpoints(following, checkpoints),
    follow: (run, folder, before) => scoreCheckpoints(following, checkpoints, run, folder, before),
  };
}
