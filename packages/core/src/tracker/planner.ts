import * as tf from '@tensorflow/tfjs';
import type { RecordedStatus } from '@vogjs/backend';
import { ChunkGrid } from '../run/chunk-grid.js';
import { InitContexts } from '../run/init-contexts.js';
import { inject, injectable } from '../run/injection.js';
import { TOKENS } from '../run/tokens.js';
import type { Metric } from '../metrics/metric.js';
import type { Probe } from '../probe/probe.js';
import { needsOf } from '../resources/needs.js';
import { segmentsOf } from '../schedule/segments.js';
import type { Chunk } from '../pass/chunks.js';
import { initialState } from '../run/metric-state.js';
import { TrackerPasses } from './tracker-passes.js';
import type { TrackerOptions } from '../run/options.js';
import type { RunState } from '../run/run-state.js';
import { bytesOf } from '../run/state-store.js';

/** What a run will take, told before it begins. */
export interface Plan {
  /**
   * What the model was found to train for, such as 'multi-label, 5 sigmoid units, binary cross-entropy'; null before the
   * model was seen.
   */
  readonly task: string | null;
  /** Examples in the probe. */
  readonly examples: number;
  /** Examples per pass, and number of passes over the model per checkpoint and kind. */
  readonly chunkSize: number;
  /** An option, the input's shape (an estimate, until the model is seen), a measurement, or the saved state. */
  readonly chunkSizeFrom: 'option' | 'shapes' | 'measurement' | 'saved state';
  /** Why it is what it is, in one sentence. */
  readonly chunkSizeReason: string;
  readonly chunks: number;
  readonly forwardPasses: number;
  readonly backwardPasses: number;
  /** Bytes of state when every window holds a checkpoint; the same after 2 checkpoints and after 2,000. */
  readonly stateBytes: number;
  /** The part of each metric. */
  readonly stateBytesByMetric: Readonly<Record<string, number>>;
  /** States kept side by side: the windows, cut where they overlap, and any stretch of training that no window names. */
  readonly segments: readonly string[];
  /** Names of the windows, by their starts; none without windows. */
  readonly windows: readonly string[];
  /** Bytes of one chunk's inputs; a pass needs these and the model's activations for them, and nothing else. */
  readonly chunkInputBytes: number;
  /**
   * Most bytes that the pass of one chunk takes for a moment beside the states, inputs included: measured by `begin`, or
   * in proportion to a pass of fewer examples. Null before that, and where the chunk size was not measured.
   */
  readonly workingBytes: number | null;
  /** Whether checkpoints are computed as recorded sessions, and why not. */
  readonly recorded: RecordedStatus;
}

/** Works out a run's memory and passes. */
@injectable()
export class Planner {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.run) private readonly run: RunState,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(ChunkGrid) private readonly grid: ChunkGrid,
    @inject(InitContexts) private readonly contexts: InitContexts,
    @inject(TrackerPasses) private readonly passes: TrackerPasses,
  ) {}

  plan(): Plan {
    const { metrics } = this.options;
    const { chunks, choice } = this.grid;
    const { windows = {} } = this.options;
    const segments = segmentsOf(windows, this.run.length.epochs).map((segment) => segment.name);
    const stateBytesByMetric = Object.fromEntries(
      metrics.map((metric) => [metric.name, this.bytesOfMetric(metric, chunks) * segments.length]),
    );
    const needs = needsOf(metrics.map((metric) => metric.requires));
    const chunkSize = chunks[0]?.size ?? 0;
    const values = this.probe.inputShapes.reduce((sum, shape) => sum + shape.reduce((product, n) => product * n, 1), 0);
    return {
      task: this.run.task?.description ?? null,
      examples: this.probe.size,
      chunkSize,
      chunkSizeFrom: choice.from,
      chunkSizeReason: choice.reason,
      chunks: chunks.length,
      // A backward pass brings its own forward pass, whose logits the other metrics share.
      forwardPasses:
        needs.gradients.size === 0 ? (needs.forward ? chunks.length : 0) : needs.gradients.size * chunks.length,
      backwardPasses: needs.gradients.size * chunks.length,
      stateBytes: Object.values(stateBytesByMetric).reduce((sum, bytes) => sum + bytes, 0),
      stateBytesByMetric,
      segments,
      windows: Object.keys(windows).toSorted((a, b) => (windows[a]?.from ?? 0) - (windows[b]?.from ?? 0)),
      chunkInputBytes: chunkSize * values * 4,
      workingBytes: choice.workingBytes,
      recorded: this.passes.status,
    };
  }

  private bytesOfMetric(metric: Metric, chunks: readonly Chunk[]): number {
    const bySize = new Map<number, number>();
    let sum = 0;
    for (const { size } of chunks) {
      if (!bySize.has(size)) {
        bySize.set(
          size,
          measure(() => bytesOf(initialState(metric, this.contexts.of(size), this.run.checkpoints))),
        );
      }
      sum += bySize.get(size) ?? 0;
    }
    return sum;
  }
}

function measure(bytes: () => number): number {
  let result = 0;
  tf.tidy(() => {
    result = bytes();
  });
  return result;
}
