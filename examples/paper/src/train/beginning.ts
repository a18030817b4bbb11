import { basename } from 'node:path';
import { saveWeights } from '@vogjs/example-models';
import { UsageError } from '@vogjs/example-shared';
import { openCheckpoints } from './checkpoints.js';
import type { TrainOptions } from './options.js';
import type { Beginning } from './train.js';

/**
 * The last weights of the training that this one goes on from, one of this program's or PyTorch's; null where there is
 * none.
 *
 * @throws UsageError where that training is of another data set, network or width
 */
export async function beginningOf({
  beginsWith: from,
  dataset,
  network,
  width,
  data,
}: Pick<TrainOptions, 'beginsWith' | 'dataset' | 'network' | 'width' | 'data'>): Promise<Beginning | null> {
  if (from === null) return null;
  const { model, count, hash, load, ...there } = await openCheckpoints(from, data, '--from');
  try {
    if (there.dataset !== dataset || there.network !== network || there.width !== width) {
      throw new UsageError(
        `--from '${from}' is ${there.network} of width ${there.width} on ${there.dataset}, and this training is ` +
          `${network} of width ${width} on ${dataset}. Give --network, --width and --dataset as there.`,
      );
    }
    await load(count - 1);
    return { identity: `${basename(from)}, ${hash.slice(0, 12)}`, weights: await saveWeights(model) };
  } finally {
    model.dispose();
  }
}
