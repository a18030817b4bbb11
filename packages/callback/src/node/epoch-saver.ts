import { VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';

/** A fit callback that saves after some epochs, and after the last. */
export abstract class EpochSaver extends tf.Callback {
  /** Epochs from one save to the next. */
  protected abstract readonly every: number;
  private done = 0;
  private saved = 0;

  /** @param call the function that made it, and what it is given, for errors */
  protected constructor(
    private readonly call: string,
    private readonly given: string,
  ) {
    super();
    // Bound, since tfjs takes hooks off their object when the list begins with a plain object.
    this.onTrainBegin = async () => this.trainBegin();
    this.onEpochBegin = async () => {};
    this.onBatchBegin = async () => {};
    this.onBatchEnd = async () => {};
    this.onEpochEnd = async (epoch) => this.epochEnd(epoch);
    this.onTrainEnd = async () => this.trainEnd();
  }

  protected abstract write(model: tf.LayersModel, epoch: number): Promise<void>;

  /** Refuses a training that cannot be saved, before it begins. */
  protected abstract begin(model: tf.LayersModel): void;

  /** Refuses to save after this epoch, where something would be saved as of another one. */
  protected check(_epoch: number): void {}

  /**
   * Saves now: for a loop of one's own.
   *
   * @param epoch epochs done
   * @throws VogError FILE_FAILED, DISK_FULL, ARGUMENT_INVALID; a file of the save before is there then
   */
  async save(model: tf.LayersModel, epoch: number): Promise<void> {
    if (!Number.isSafeInteger(epoch) || epoch < 0) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `${this.call}: epoch must be the number of epochs done, from 0; got ${String(epoch)}.`,
      );
    }
    await this.write(model, epoch);
    this.saved = epoch;
  }

  private trainBegin(): void {
    this.done = 0;
    this.saved = 0;
    this.begin(this.trainedModel());
  }

  private async epochEnd(epoch: number): Promise<void> {
    this.done = epoch + 1;
    this.check(epoch);
    if (this.done % this.every === 0) await this.save(this.trainedModel(), this.done);
  }

  private async trainEnd(): Promise<void> {
    if (this.done > this.saved) await this.save(this.trainedModel(), this.done);
  }

  private trainedModel(): tf.LayersModel {
    if (this.model instanceof tf.LayersModel) return this.model;
    throw new VogError(
      'CALLBACK_MIX',
      `tfjs did not set the model on ${this.call}. Wrap the plain objects in the same list: callbacks: [asCallback({ onEpochEnd }), ${this.call}(${this.given})].`,
    );
  }
}
