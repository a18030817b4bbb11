import type { Metric } from '../metrics/metric.js';
import { needsOf } from '../resources/needs.js';
import type { Findings } from './findings.js';
import { lacksGradients, notesOf, zeroScoresNotes } from './findings-in-words.js';

/** What a metric says of its scores, as plain data: a shard's file holds it. */
export interface MetricRemarks {
  readonly name: string;
  readonly notes: readonly string[];
  /** Whether its scores are made of input gradients. */
  readonly readsGradients: boolean;
}

/** What a metric says of its scores. */
export function remarksOf({ name, notes = [], requires }: Pick<Metric, 'name' | 'notes' | 'requires'>): MetricRemarks {
  return { name, notes, readsGradients: needsOf([requires]).gradients.size > 0 };
}

/** What the notes of one column are made of. */
export interface NotedColumn {
  readonly findings: Findings;
  readonly metric: MetricRemarks;
  /** Stretches of training that went into it. */
  readonly segments: readonly string[];
  /** Checkpoints that went into it. */
  readonly checkpoints: number;
  /** `[N]` */
  readonly values: Float32Array;
}

/** What a reader of one column of scores should know. */
export function scoreNotes({ findings, metric, segments, checkpoints, values }: NotedColumn): string[] {
  const notes = [...metric.notes, ...notesOf(findings, metric.name, segments, checkpoints)];
  if (checkpoints === 0) {
    return [
      ...notes,
      'No checkpoint fell into this window: there are no scores. Training ended earlier, or fit was not given the callback.',
    ];
  }
  if (metric.readsGradients && !lacksGradients(findings, metric.name, checkpoints))
    notes.push(...zeroScoresNotes(values));
  const without = values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0);
  if (without > 0) {
    // A variance has nothing to compare after one.
    const after = checkpoints > 1 ? `${checkpoints} checkpoints` : '1 checkpoint: give it two';
    notes.push(`${without} of ${values.length} examples have no score (NaN) after ${after}.`);
  }
  return notes;
}
