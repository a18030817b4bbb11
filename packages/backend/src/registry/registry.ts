import * as tf from '@tensorflow/tfjs';

/**
 * A kernel or gradient of VoG.js in the registry of TensorFlow.js. The mark lives on the registered object under a
 * global symbol, so that a second copy of this package sees it too and does not wrap a repair in a repair.
 */
const MARK = Symbol.for('vogjs.repair');

interface Repair<Config> {
  readonly name: string;
  /** What was registered before: put back by an undo, `undefined` when nothing was. */
  readonly original: Config | undefined;
}
type Marked<Config> = Config & { readonly [MARK]?: Repair<Config> };

export type KernelFunction = tf.KernelConfig['kernelFunc'];
export type GradientConfig = tf.GradConfig;

const kernelOf = (kernelName: string, backendName: string): Marked<tf.KernelConfig> | undefined =>
  tf.getKernel(kernelName, backendName);
const gradientOf = (kernelName: string): Marked<GradientConfig> | undefined => tf.getGradient(kernelName);

function putKernel(kernelName: string, backendName: string, config: tf.KernelConfig | undefined): void {
  // Registering over an existing kernel prints a warning, so the old one goes first.
  if (kernelOf(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  if (config) tf.registerKernel(config);
}

function putGradient(kernelName: string, config: GradientConfig | undefined): void {
  if (gradientOf(kernelName)) tf.unregisterGradient(kernelName);
  if (config) tf.registerGradient(config);
}

/**
 * Registers a kernel in place of the present one, once.
 *
 * @param make Receives the present kernel function (`undefined` where the backend has none) and returns the new one,
 *   or `undefined` to leave the registry alone.
 * @returns Whether a repair of this name is in place now.
 */
export function repairKernel(
  name: string,
  kernelName: string,
  backendName: string,
  make: (original: KernelFunction | undefined) => KernelFunction | undefined,
): boolean {
  const present = kernelOf(kernelName, backendName);
  if (present?.[MARK]) return true;
  const kernelFunc = make(present?.kernelFunc);
  if (!kernelFunc) return false;
  // The original's setup and disposal stay: a repair may call it, and a backend may be started a second time.
  const config = { ...present, kernelName, backendName, kernelFunc, [MARK]: { name, original: present } };
  putKernel(kernelName, backendName, config);
  return true;
}

/** Registers a gradient in place of the present one, once. See {@link repairKernel}. */
export function repairGradient(
  name: string,
  kernelName: string,
  make: (original: GradientConfig | undefined) => GradientConfig | undefined,
): boolean {
  const present = gradientOf(kernelName);
  if (present?.[MARK]) return true;
  const config = make(present);
  if (!config) return false;
  putGradient(kernelName, { ...config, [MARK]: { name, original: present } } as GradientConfig);
  return true;
}

/** Puts back every kernel of a backend, and every gradient, as it was before its repair. */
export function undoRepairs(kernelNames: Iterable<string>, backendName: string, gradientNames: Iterable<string>): void {
  for (const kernelName of kernelNames) {
    const repair = kernelOf(kernelName, backendName)?.[MARK];
    if (repair) putKernel(kernelName, backendName, repair.original);
  }
  for (const kernelName of gradientNames) {
    const repair = gradientOf(kernelName)?.[MARK];
    if (repair) putGradient(kernelName, repair.original);
  }
}

/** Runs `section` with other kernels and gradients in the registry; afterwards it holds the same objects as before. */
export function withRegistry<T>(
  kernels: readonly tf.KernelConfig[],
  gradients: readonly GradientConfig[],
  section: () => T,
): T {
  const kernelsBefore = kernels.map(({ kernelName, backendName }) => kernelOf(kernelName, backendName));
  const gradientsBefore = gradients.map(({ kernelName }) => gradientOf(kernelName));
  try {
    for (const kernel of kernels) putKernel(kernel.kernelName, kernel.backendName, kernel);
    for (const gradient of gradients) putGradient(gradient.kernelName, gradient);
    return section();
  } finally {
    kernels.forEach(({ kernelName, backendName }, i) => putKernel(kernelName, backendName, kernelsBefore[i]));
    gradients.forEach(({ kernelName }, i) => putGradient(kernelName, gradientsBefore[i]));
  }
}
