import type { Binding, Metadata } from '../native/native-backend.js';
import { graphOf } from './graph.js';
import { savedModel } from './graph-def.js';
import { inTemporaryFolder } from './folders.js';
import { sameForm, type Trace } from './trace.js';

/** A recording that TensorFlow has loaded. */
export interface Session {
  readonly trace: Trace;
  /**
   * The trace's results, in their order; the caller owns the handles.
   *
   * @param idOf the handle of a given slot
   */
  run(idOf: (slot: number) => number): Metadata[];
  dispose(): void;
}

/** Writes a recording as a graph and has TensorFlow load it. */
export function openSession(binding: Binding, trace: Trace): Session {
  const { nodes, feeds, fetches } = graphOf(trace);
  const model = inTemporaryFolder('saved_model.pb', savedModel(nodes), (folder) =>
    binding.loadSavedModel(folder, 'serve'),
  );
  const feedNames = feeds.map(({ name }) => name).join();
  const fetchNames = fetches.join();
  let isOpen = true;
  return {
    trace,
    run(idOf) {
      const results = binding.runSavedModel(
        model,
        feeds.map(({ slot }) => idOf(slot)),
        feedNames,
        fetchNames,
      );
      const wrong = results.findIndex((result, i) => !sameForm(result, trace.slots[trace.results[i]!]!));
      if (wrong < 0 && results.length === fetches.length) return results;
      for (const { id } of results) binding.deleteTensor(id);
      throw new Error(`the session gave another shape than the operations one by one (result ${wrong})`);
    },
    dispose() {
      if (isOpen) binding.deleteSavedModel(model);
      isOpen = false;
    },
  };
}
