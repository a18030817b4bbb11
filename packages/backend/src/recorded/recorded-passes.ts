import * as tf from '@tensorflow/tfjs';
import { NATIVE } from '../native/native-backend.js';
import { switchedOff, whyNotRecorded } from './available.js';
import type { Recorder } from './recorder.js';

/** How passes over a model are computed. */
export interface RecordedStatus {
  /**
   * `'recorded'`: as sessions of native TensorFlow, where it is the backend. `'eager'`: one operation at a time; `reason`
   * says why. `'untried'`: no pass has been made.
   */
  readonly state: 'recorded' | 'eager' | 'untried';
  readonly reason: string | null;
  /** Recordings made, and chunks that they computed after the one that they were made in. */
  readonly recordings: number;
  readonly replayed: number;
}

/**
 * Computes the same section again and again, each time on other numbers. On native TensorFlow on a processor a section is
 * recorded once and run as one session from then on, which spares the cost of calling each operation and lets the runtime
 * fuse them. Elsewhere a section simply runs. The JavaScript of a section runs each time, so that a section that does
 * something else this time is found out and computed as it is.
 *
 * Holds sessions of TensorFlow until it is disposed.
 */
export class RecordedPasses {
  private recorder: Recorder | null = null;
  private readonly refused: string | null;

  /**
   * @param isWanted false: sections simply run
   * @param from whether a section is recorded when it is first met (then all chunks are computed by one program), or when
   * it is met again (then a single pass does not pay for what comes once)
   */
  constructor(
    isWanted = true,
    private readonly from: 'first' | 'second' = 'first',
  ) {
    this.refused = isWanted ? switchedOff() : 'recorded is false';
  }

  /** Loads what recording takes, where there is something to record on. A page never loads it. */
  async load(): Promise<void> {
    if (this.refused !== null || this.recorder !== null || tf.getBackend() !== NATIVE) return;
    const { Recorder: Loaded } = await import('./recorder.js');
    this.recorder ??= new Loaded(this.from);
  }

  /** Runs a synchronous section, in a `tf.tidy` of its own; what it returns and keeps is as if it had run alone. */
  run<T>(section: () => T): T {
    if (this.recorder === null || tf.getBackend() !== NATIVE) return section();
    return this.recorder.run(section);
  }

  get status(): RecordedStatus {
    const [recordings, replayed] = [this.recorder?.recorded ?? 0, this.recorder?.replayed ?? 0];
    const reason = this.refused ?? whyNotRecorded() ?? this.recorder?.reason ?? null;
    const state = reason !== null ? 'eager' : recordings > 0 ? 'recorded' : 'untried';
    return { state, reason, recordings, replayed };
  }

  /** Closes the sessions; from then on sections simply run. */
  dispose(): void {
    this.recorder?.end();
  }
}
