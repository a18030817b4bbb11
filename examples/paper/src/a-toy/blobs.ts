import { seededRandom } from '@vogjs/base';

/** Points in the plane, each of the cluster it was drawn from. */
export interface Blobs {
  /** `[N, 2]`, row-major. */
  readonly points: Float32Array;
  /** Cluster of each point, `[N]`. */
  readonly labels: Int32Array;
}

export interface BlobsOptions {
  /** Number of points, dealt out evenly. */
  readonly examples: number;
  /** Default 2. */
  readonly clusters?: number;
  /** Standard deviation of a cluster along each axis. Default 1. */
  readonly spread?: number;
  readonly seed: number;
}

/** Centres are drawn uniformly from a square of this half side, as scikit-learn's `center_box` is by default. */
const BOX = 10;

/**
 * Isotropic Gaussian clusters in the plane, as scikit-learn's `make_blobs` makes them with its defaults: uniform
 * centres, equal sizes, shuffled. The numbers differ from NumPy's.
 */
export function makeBlobs({ examples, clusters = 2, spread = 1, seed }: BlobsOptions): Blobs {
  const random = seededRandom(seed);
  const centres = Array.from({ length: clusters }, () => [coordinate(random.uniform()), coordinate(random.uniform())]);
  const points = new Float32Array(examples * 2);
  const labels = new Int32Array(examples);
  for (const [i, place] of random.shuffle(examples).entries()) {
    const [x, y] = centres[i % clusters] as [number, number];
    labels[place] = i % clusters;
    points[place * 2] = x + spread * random.normal();
    points[place * 2 + 1] = y + spread * random.normal();
  }
  return { points, labels };
}

function coordinate(uniform: number): number {
  return BOX * (2 * uniform - 1);
}
