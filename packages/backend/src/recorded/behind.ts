import type { Binding, NativeBackend, Stored } from '../native/native-backend.js';

/** What is told of a backend's work, and what stands in for its add-on. */
export interface Hooks {
  /** The handle of a tensor that an operation takes, and what tfjs-node keeps of the tensor. */
  used(id: number, stored: Stored): void;
  /** The handle of a result that has become a tensor. */
  wrapped(id: number, stored: Stored): void;
  readonly binding: Partial<Binding>;
}

/** Runs a section with `hooks` behind the backend of tfjs-node. Afterwards the backend is what it was before. */
export function behind<T>(backend: NativeBackend, hooks: Hooks, section: () => T): T {
  const { binding, getInputTensorIds, createOutputTensor } = backend;
  const own = (['getInputTensorIds', 'createOutputTensor'] as const).filter((name) => Object.hasOwn(backend, name));
  const replacements = Object.entries(hooks.binding).map(([name, value]) => [name, { value }]);
  backend.binding = Object.create(binding, Object.fromEntries(replacements)) as Binding;
  backend.getInputTensorIds = (tensors) => {
    const ids = getInputTensorIds.call(backend, tensors);
    for (const [i, id] of ids.entries()) {
      // An Int64Scalar of tfjs-node's own is not a tensor.
      const { dataId } = tensors[i] as { readonly dataId?: object };
      if (dataId !== undefined) hooks.used(id, backend.tensorMap.get(dataId));
    }
    return ids;
  };
  backend.createOutputTensor = (metadata) => {
    const tensor = createOutputTensor.call(backend, metadata);
    hooks.wrapped(metadata.id, backend.tensorMap.get(tensor.dataId));
    return tensor;
  };
  try {
    return section();
  } finally {
    backend.binding = binding;
    Reflect.deleteProperty(backend, 'getInputTensorIds');
    Reflect.deleteProperty(backend, 'createOutputTensor');
    if (own.includes('getInputTensorIds')) backend.getInputTensorIds = getInputTensorIds;
    if (own.includes('createOutputTensor')) backend.createOutputTensor = createOutputTensor;
  }
}
