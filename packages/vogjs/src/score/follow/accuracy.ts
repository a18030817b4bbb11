/** Share of the labels that are predicted. */
export function accuracyOf(predicted: Int32Array, labels: Int32Array): number {
  return predicted.filter((label, row) => label === labels[row]).length / labels.length;
}
