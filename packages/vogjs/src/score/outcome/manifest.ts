import { arch, cpus, platform } from 'node:os';
import process from 'node:process';
import type { ManifestInit } from '@vogjs/run';
import type { Work } from '../follow/work.js';

/** What a run was computed with. */
export interface Made {
  /** With its version. */
  readonly backend: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** What this process computes with. */
export function madeHere({ backend, version }: { readonly backend: string; readonly version: string }): Made {
  return {
    backend: `${backend} (${version})`,
    machine: `${platform()} ${arch()}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'processor'}`,
    versions: { node: process.versions.node, [backend]: version },
  };
}

/** What a run says of itself before it has a score. */
export function manifestOf(
  { dataset, model, notes }: Work,
  config: Readonly<Record<string, unknown>>,
  made: Made,
): ManifestInit {
  return {
    examples: dataset.size,
    classNames: dataset.classNames ?? null,
    config,
    data: { source: dataset.source, fingerprint: dataset.fingerprint, kind: dataset.kind },
    model,
    ...made,
    notes: [...dataset.notes, ...notes],
  };
}
