import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '@vogjs/example-shared';
import { writeNpy } from '@vogjs/formats';

/** What the other tools say of the same images. */
export interface PeerAnswer {
  readonly versions: Readonly<Record<string, string>>;
  readonly scores: Readonly<Record<string, { readonly hard: 'high' | 'low'; readonly values: readonly number[] }>>;
  /** 1 for an image that the tool says is mislabelled. */
  readonly flags: Readonly<Record<string, readonly number[]>>;
  /** Libraries that could not be imported, and why. */
  readonly absent: Readonly<Record<string, string>>;
}

/** What the other tools are given. */
export interface PeerQuestion {
  /** `[N]` */
  readonly labels: Int32Array;
  /** `[checkpoints, N, classes]`, of the training that saw the images. */
  readonly logits: Float32Array;
  /** `[N, classes]`, of one that did not. */
  readonly probabilities: Float32Array;
  readonly classes: number;
}

const SCRIPT = fileURLToPath(new URL('python/peer.py', import.meta.url));

/** Asks cleanlab and Datagnosis, by a Python that has them. */
export function askPeers(python: string, { labels, logits, probabilities, classes }: PeerQuestion): PeerAnswer {
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-label-noise-'));
  try {
    const size = labels.length;
    const arrays = {
      labels: { data: labels, shape: [size] },
      logits: { data: logits, shape: [logits.length / (size * classes), size, classes] },
      'out-of-sample': { data: probabilities, shape: [size, classes] },
    };
    for (const [name, array] of Object.entries(arrays)) writeFileSync(join(folder, `${name}.npy`), writeNpy(array));
    const { status, error, stderr } = spawnSync(python, [SCRIPT, folder], { encoding: 'utf8' });
    if (status === 0) return JSON.parse(readFileSync(join(folder, 'peer.json'), 'utf8')) as PeerAnswer;
    const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit code ${status}`;
    throw new UsageError(`--python '${python}' did not answer: ${reason}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
