import type { CheckpointInfo, Monitor, Position, ScorableModel } from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';
import { evaluateOod, type OodEvaluation } from '../evaluation/evaluation.js';
import { fitDetectors } from '../scoring/fit.js';
import { scoreOod } from '../scoring/score.js';
import { type BestCheckpoint, BestWeights, layersModel } from './best-weights.js';
import { BETTER, type CheckedOptions, checkedOptions, type OodMonitorOptions } from './options.js';

/** The evaluations of one checkpoint. */
export interface MonitoredCheckpoint {
  /** Index of the checkpoint, from 0. */
  readonly checkpoint: number;
  readonly position: Position;
  /** By detector and out-of-distribution set; the one set without a name is `''`. */
  readonly evaluations: Readonly<Record<string, Readonly<Record<string, OodEvaluation>>>>;
}

/** Evaluates detectors at each checkpoint of a tracker. Made by `oodMonitor`. */
export class OodMonitor implements Monitor {
  readonly name: string;
  /** `DETECTOR_FIGURE`, or `SET_DETECTOR_FIGURE` where the sets have names. */
  readonly figures: readonly string[];
  private readonly options: CheckedOptions;
  private readonly bestWeights: BestWeights | null;
  private seen: MonitoredCheckpoint[] = [];
  private disposed = false;

  constructor(options: OodMonitorOptions) {
    this.options = checkedOptions(options);
    const { name, outside, detectors, figures, keepBest } = this.options;
    this.name = name;
    this.figures = outside.flatMap(([set]) =>
      detectors.flatMap((detector) => figures.map((figure) => keyOf(set, detector.name, figure))),
    );
    this.bestWeights = keepBest === null ? null : new BestWeights(BETTER[keepBest.figure]);
  }

  /** Every checkpoint so far, in full: all figures, counts, base rates and warnings. */
  get history(): readonly MonitoredCheckpoint[] {
    return this.seen;
  }

  /** The best checkpoint by the figure of `keepBest`; null before the first, and without `keepBest`. */
  get best(): BestCheckpoint | null {
    return this.bestWeights?.best ?? null;
  }

  /**
   * Puts the weights of the best checkpoint into the model.
   *
   * @returns which one that is
   * @throws VogError ARGUMENT_INVALID without one
   */
  restoreBest(model: tf.LayersModel): BestCheckpoint {
    return (this.bestWeights ?? new BestWeights('high')).restore(model);
  }

  begin(model: ScorableModel): void {
    if (this.bestWeights !== null) layersModel(model);
  }

  async checkpoint(model: ScorableModel, { checkpoint, position }: CheckpointInfo): Promise<Record<string, number>> {
    const evaluations = await this.evaluate(model);
    const { keepBest, outside, detectors, figures } = this.options;
    // The tracker may have been disposed while this ran: nothing is kept after that.
    if (!this.disposed) {
      this.seen.push({ checkpoint, position, evaluations });
      if (keepBest !== null) {
        const value = evaluations[keepBest.detector]![keepBest.out]![keepBest.figure];
        this.bestWeights?.offer(model, { checkpoint, position, value });
      }
    }
    return Object.fromEntries(
      outside.flatMap(([set]) =>
        detectors.flatMap(({ name }) =>
          figures.map((figure) => [keyOf(set, name, figure), evaluations[name]![set]![figure]]),
        ),
      ),
    );
  }

  /** Forgets every checkpoint, and the weights kept. */
  reset(): void {
    this.seen = [];
    this.bestWeights?.clear();
  }

  /** Frees the weights kept. The history stays. The tracker's own dispose() calls it. */
  dispose(): void {
    this.disposed = true;
    this.bestWeights?.clear();
  }

  private async evaluate(model: ScorableModel): Promise<MonitoredCheckpoint['evaluations']> {
    const { detectors, fit, inside, outside, pass, evaluation } = this.options;
    const ready = fit === null ? detectors : await fitDetectors(model, fit, detectors, pass);
    const inScores = await scoreOod(model, inside, ready, pass);
    const evaluations: Record<string, Record<string, OodEvaluation>> = {};
    for (const [set, examples] of outside) {
      const outScores = await scoreOod(model, examples, ready, pass);
      for (const { name } of detectors) {
        (evaluations[name] ??= {})[set] = evaluateOod(inScores[name]!, outScores[name]!, evaluation);
      }
    }
    return evaluations;
  }
}

function keyOf(set: string, detector: string, figure: string): string {
  return `${set === '' ? '' : `${set}_`}${detector}_${figure}`;
}

/**
 * Evaluates detectors at each checkpoint of a tracker, while `fit` trains: the figures stand on the `checkpointEnd`
 * event, and in the epoch's logs and so in the history, as `ood_energy_auroc`.
 *
 * ```ts
 * const monitor = oodMonitor({ in: { inputs: validation }, out: { inputs: noise }, detectors: [energy()], keepBest: true });
 * const difficulty = trackDifficulty({ inputs, labels, monitors: [monitor] });
 * await model.fit(xs, ys, { epochs: 20, callbacks: [difficulty] });
 * monitor.restoreBest(model);                 // the weights of monitor.best, by the AUROC of the first detector
 * difficulty.dispose();                       // frees them
 * ```
 *
 * Costs a pass over each set at each checkpoint, and one over `fit` where a detector learns.
 *
 * @throws VogError ARGUMENT_INVALID, DETECTOR_INVALID, DETECTOR_DUPLICATE, DETECTOR_NOT_FITTED; MONITOR_FAILED from the
 * tracker, with what went wrong as its cause
 */
export function oodMonitor(options: OodMonitorOptions): OodMonitor {
  return new OodMonitor(options);
}
