import type { Dataset } from './dataset.js';

/** Examples `start` to `end - 1` of a dataset, as far as scoring needs them: no pictures to show. */
export function partOf(dataset: Dataset, start: number, end: number): Dataset {
  const { kind, source, fingerprint, ids, inputs, levels, labels, classNames, notes } = dataset;
  return {
    kind,
    source,
    fingerprint,
    size: end - start,
    ids: ids.slice(start, end),
    inputs: {
      size: end - start,
      shape: inputs.shape,
      read: (from, to) => inputs.read(start + from, start + to),
    },
    levels,
    labels: labels?.subarray(start, end),
    classNames,
    notes,
  };
}
