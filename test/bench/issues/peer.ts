// The other tools, in a process of their own: what they are given lies in a folder, and so does their answer.
import { writeNpy } from '@vogjs/formats';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';

export interface PeerScores {
  /** From 0, the worst, to 1. */
  readonly scores: readonly number[];
  readonly flags: readonly number[];
}

export interface PeerAnswer {
  readonly versions: Readonly<Record<string, string>>;
  readonly datalab?: {
    readonly seconds: number;
    readonly label?: PeerScores;
    readonly outlier: PeerScores;
    readonly near_duplicate: PeerScores & { readonly sets: readonly (readonly number[])[] };
  };
  readonly cleanvision?: { readonly seconds: number; readonly sets: readonly (readonly number[])[] } & Readonly<
    Record<string, PeerScores>
  >;
}

export interface PeerImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** What they are given; labels are for Datalab, images for cleanvision. */
export interface PeerInput {
  readonly labels?: Int32Array;
  readonly probabilities?: { readonly data: Float32Array; readonly shape: readonly number[] };
  readonly features?: { readonly data: Float32Array; readonly shape: readonly number[] };
  readonly images?: readonly PeerImage[];
}

export function askPeers(
  python: string,
  folder: string,
  { labels, probabilities, features, images }: PeerInput,
): PeerAnswer {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (name: string, data: Float32Array | Int32Array, shape: readonly number[]): void =>
    writeFileSync(join(folder, `${name}.npy`), writeNpy({ data, shape: [...shape] }));
  if (labels) {
    mkdirSync(join(folder, 'datalab'));
    write('labels', labels, [labels.length]);
  }
  if (probabilities) write('probabilities', probabilities.data, probabilities.shape);
  if (features) write('features', features.data, features.shape);
  if (images) {
    mkdirSync(join(folder, 'images'));
    for (const [i, image] of images.entries()) writeFileSync(join(folder, 'images', `${i}.png`), encode(image));
  }
  const script = fileURLToPath(new URL('python/peer.py', import.meta.url));
  const { status, stderr } = spawnSync(python, [script, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the other tools failed: ${stderr}`);
  return JSON.parse(readFileSync(join(folder, 'peer.json'), 'utf8')) as PeerAnswer;
}
