// Planted outliers in a table: rows whose columns are dealt out anew.
import { findOutliers, type Outliers } from '@vogjs/issues';
import { seededRandom } from '@vogjs/base';
import { compareDetection, type DetectionComparison } from '@vogjs/statistics';
import type { CaseData } from './cases.js';
import { qualityOf } from './labels.js';
import type { PeerScores } from './peer.js';

export interface PlantedOutliers {
  readonly features: { readonly data: Float32Array; readonly shape: readonly number[] };
  readonly strange: Uint8Array;
}

export function plantOutliers({ inputs, shape }: CaseData, share: number, seed: number): PlantedOutliers {
  const [size = 0, width = 0] = shape;
  const random = seededRandom(seed);
  const data = inputs.slice();
  const strange = new Uint8Array(size);
  for (const row of random.shuffle(size).subarray(0, Math.round(share * size))) {
    strange[row] = 1;
    for (const [to, from] of random.shuffle(width).entries()) data[row * width + to] = inputs[row * width + from]!;
  }
  return { features: { data, shape: [size, width] }, strange };
}

export interface OutlierComparison extends DetectionComparison {
  readonly ours: ReturnType<typeof qualityOf>;
  readonly theirs: ReturnType<typeof qualityOf>;
}

export function compareOutliers({ features, strange }: PlantedOutliers, peer: PeerScores): OutlierComparison {
  const found: Outliers = findOutliers({ features });
  const compared = compareDetection(
    { values: found.scores, hardDirection: 'high' },
    { values: peer.scores, hardDirection: 'low' },
    strange,
    { resamples: 500, seed: 1 },
  );
  return { ...compared, ours: qualityOf(found.flagged, strange), theirs: qualityOf(peer.flags, strange) };
}
