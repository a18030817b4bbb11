import { type ExampleId, type ProbeExamples, Scores, VogError } from '@vogjs/core';

/** The training examples and where each is in the probe. */
export interface TrainingSet {
  readonly size: number;
  readonly ids: readonly ExampleId[];
  /** Class of each, `[size]`; null where the probe has no labels. */
  readonly labels: Int32Array | null;
  /** Training examples by class; empty without labels. */
  readonly classes: readonly Int32Array[];
  /** The probe's scores of the training examples, in the order of training. */
  pick(scores: Scores): Scores;
}

/**
 * Finds the training examples in the probe.
 *
 * @param ids of the training examples; undefined when the training set is the probe
 * @throws VogError IDS_UNKNOWN, IDS_DUPLICATE, PROBE_EMPTY
 */
export function trainingSetOf(probe: ProbeExamples, ids: readonly ExampleId[] | undefined): TrainingSet {
  const places = ids === undefined ? null : placesOf(probe.ids, ids);
  const own = ids ?? probe.ids;
  const labels = probe.labels === null ? null : places === null ? probe.labels : places.map((at) => probe.labels![at]!);
  return {
    size: own.length,
    ids: own,
    labels,
    classes: labels === null ? [] : byClass(labels),
    pick: (scores) => {
      if (places === null) return scores;
      return new Scores({ ...scores, values: Float32Array.from(places, (at) => scores.values[at]!), ids: own, labels });
    },
  };
}

function placesOf(probe: readonly ExampleId[], ids: readonly ExampleId[]): Int32Array {
  if (ids.length === 0)
    throw new VogError('PROBE_EMPTY', 'curriculum: ids is empty. Give one id per training example.');
  // As the probe compares them: 1 and '1' name the same example.
  const place = new Map(probe.map((id, at) => [String(id), at]));
  const seen = new Map<string, number>();
  return Int32Array.from(ids, (id, i) => {
    const first = seen.get(String(id));
    if (first !== undefined) {
      throw new VogError(
        'IDS_DUPLICATE',
        `curriculum: training examples ${first} and ${i} share the id ${JSON.stringify(id)}. Ids must be unique.`,
      );
    }
    seen.set(String(id), i);
    const at = place.get(String(id));
    if (at === undefined) {
      throw new VogError(
        'IDS_UNKNOWN',
        `curriculum: training example ${i} has the id ${JSON.stringify(id)}, which no example of the probe has, so that it ` +
          "would never have a score. Put every training example into the tracker's inputs, with the same ids.",
      );
    }
    return at;
  });
}

function byClass(labels: Int32Array): Int32Array[] {
  const members: number[][] = [];
  for (const [example, label] of labels.entries()) (members[label] ??= []).push(example);
  // Classes without an example leave holes, which no one is in.
  return Object.values(members).map((list) => Int32Array.from(list));
}
