import type { Findings } from './findings.js';
import { notesOf } from './findings-in-words.js';

/** What the notes of one column are made of. */
export interface NotedColumn {
  readonly findings: Findings;
  readonly metric: string;
  /** Stretches of training that went into it. */
  readonly segments: readonly string[];
  /** Checkpoints that went into it. */
  readonly checkpoints: number;
  /** `[N]` */
  readonly values: Float32Array;
}

/** What a reader of one column of scores should know. */
export function scoreNotes({ findings, metric, segments, checkpoints, values }: NotedColumn): string[] {
  const notes = notesOf(findings, metric, segments, checkpoints);
  if (checkpoints === 0) {
    return [
      ...notes,
      'No checkpoint was taken in this window: nobody has a score. Training may not have come so far, or the callback was not given to fit.',
    ];
  }
  const without = values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
  if (without > 0) {
    notes.push(
      `${without} of ${values.length} examples have no score (NaN) after ${checkpoints} checkpoint${checkpoints === 1 ? '' : 's'}.`,
    );
  }
  return notes;
}
