import type { Binding, Metadata } from '../native/native-backend.js';
import { type Graph, graphOf } from './graph.js';
import { graphDef, savedModel } from './graph-def.js';
import { inTemporaryFolder } from './folders.js';
import { hasFunctions } from './functions.js';
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

/** How TensorFlow runs a graph that it was given. */
interface Loaded {
  run(ids: readonly number[]): Metadata[];
  dispose(): void;
}

/** Writes a recording as a graph and has TensorFlow load it: as a function where the add-on can, else as a saved model. */
export function openSession(binding: Binding, trace: Trace): Session {
  const graph = graphOf(trace);
  const { feeds, fetches } = graph;
  const loaded = hasFunctions(binding) ? asFunction(binding, graph) : asSavedModel(binding, graph);
  let isOpen = true;
  return {
    trace,
    run(idOf) {
      const results = loaded.run(feeds.map(({ slot }) => idOf(slot)));
      const wrong = results.findIndex((result, i) => !sameForm(result, trace.slots[trace.results[i]!]!));
      if (wrong < 0 && results.length === fetches.length) return results;
      for (const { id } of results) binding.deleteTensor(id);
      throw new Error(`the session gave another shape than the operations one by one (result ${wrong})`);
    },
    dispose() {
      if (isOpen) loaded.dispose();
      isOpen = false;
    },
  };
}

function asFunction(binding: Binding, { nodes, feeds, fetches }: Graph): Loaded {
  // Not by Math.random, whose stream a model may draw from; two copies of this module may share a context.
  const name = `vogjs_${crypto.randomUUID().replaceAll('-', '_')}`;
  binding.createFunction!(name, graphDef(nodes), feeds.map((feed) => feed.name).join(), fetches.join());
  return {
    run: (ids) => binding.executeOp(name, [], ids, fetches.length),
    dispose: () => binding.deleteFunction!(name),
  };
}

function asSavedModel(binding: Binding, { nodes, feeds, fetches }: Graph): Loaded {
  const model = inTemporaryFolder('saved_model.pb', savedModel(nodes), (folder) =>
    binding.loadSavedModel(folder, 'serve'),
  );
  const [feedNames, fetchNames] = [feeds.map((feed) => feed.name).join(), fetches.join()];
  return {
    run: (ids) => binding.runSavedModel(model, ids, feedNames, fetchNames),
    dispose: () => binding.deleteSavedModel(model),
  };
}
