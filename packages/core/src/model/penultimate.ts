/**
 * Name, among the features asked for, of the input of the layer that gives the logits. An adapter finds that layer
 * itself; no layer of a model is named like this.
 */
export const PENULTIMATE = '(penultimate)';
