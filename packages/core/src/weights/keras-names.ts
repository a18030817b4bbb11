/** Tensors that Keras keeps among a model's variables and TensorFlow.js has no use for. */
export const KERAS_EXTRAS = /(?:^|\/)seed_generator_state(?::\d+)?$/;

/** Parts of a recurrent layer that Keras has in its names and TensorFlow.js has not. */
const CELL = /\/(?:lstm|gru|simple_rnn|conv_lstm)_?\d*_cell(?:_\d+)?(?=\/)/;

/**
 * Finds a layer's weight among the names of a Keras checkpoint, whose kernels lie as TensorFlow.js has them.
 *
 * Keras 3's `weight.path` begins with the models around the layer (`sequential/conv/kernel`), Keras 2's `weight.name`
 * ends with the output (`conv/kernel:0`), and both name the cell of a recurrent layer (`lstm/lstm_cell/kernel`).
 *
 * @returns all names that may be meant: one, unless layers in several models share a name
 */
export function kerasNames(names: readonly string[]): (layer: string, kind: string) => string[] {
  const plain = new Map<string, string[]>();
  for (const name of names) {
    const parts = name.replace(/:\d+$/, '').replace(CELL, '').split('/');
    // By every end of it that is a layer's weight: a/b/kernel is b/kernel as well.
    for (const start of parts.keys()) {
      const end = parts.slice(start).join('/');
      plain.set(end, [...(plain.get(end) ?? []), name]);
    }
  }
  const whole = new Map(names.map((name) => [name.replace(/:\d+$/, '').replace(CELL, ''), name]));
  return (layer, kind) => {
    // Keras 3 calls a depthwise kernel a kernel.
    const kinds = kind === 'depthwise_kernel' ? [kind, 'kernel'] : [kind];
    for (const each of kinds) {
      const wanted = layer === '' ? each : `${layer}/${each}`;
      const exact = whole.get(wanted);
      if (exact !== undefined) return [exact];
      const found = plain.get(wanted);
      if (found !== undefined) return found;
    }
    return [];
  };
}
