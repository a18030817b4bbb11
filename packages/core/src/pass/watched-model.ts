import type { BoundModel } from '../model/model.js';

/** A model whose own errors can be told from those of resources that use it. */
export interface WatchedModel extends BoundModel {
  /** Whether the model threw this, or what it threw is the cause of it: then no resource and no plugin is to blame. */
  threw(error: unknown): boolean;
}

/** The model, watched for as long as a pass takes. */
export function watchModel(model: BoundModel): WatchedModel {
  const thrown = new Set<unknown>();
  return {
    inputShapes: model.inputShapes,
    // A function tells its task when it has run.
    get task() {
      return model.task ?? null;
    },
    forward(inputs) {
      try {
        return model.forward(inputs);
      } catch (error) {
        thrown.add(error);
        throw error;
      }
    },
    // A gradient engine may say in words of its own what the model threw.
    threw: (error) => thrown.has(error) || (error instanceof Error && thrown.has(error.cause)),
  };
}
