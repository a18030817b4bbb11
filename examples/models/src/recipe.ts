/**
 * How the learning rate goes: down by a factor at shares of the training, to 0 along half a cosine, or in one cycle: up
 * from 1/25 of the largest rate along half a cosine for the share `rise`, then down to 1/250,000 along another.
 *
 * Source of the cycle: Smith & Topin, "Super-Convergence", 2019, with the shape and defaults of PyTorch's OneCycleLR.
 */
export type RateSchedule =
  | { readonly kind: 'steps'; readonly at: readonly number[]; readonly factor: number }
  | { readonly kind: 'cosine' }
  | { readonly kind: 'one-cycle'; readonly rise: number };

/** How an architecture is trained on CIFAR, with pad-4 random crops and flips. */
export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  /** At the start; of one cycle, the largest. */
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  /** L2, on every trained weight: `weightDecay · w` is added to its gradient, as PyTorch's SGD does. */
  readonly weightDecay: number;
  readonly schedule: RateSchedule;
}

const HALF_AND_THREE_QUARTERS: RateSchedule = { kind: 'steps', at: [0.5, 0.75], factor: 0.1 };

/**
 * The recipes of the three papers. ResNet: He et al. 2016, section 4.2, whose 64,000 steps at batch 128 are 164 epochs of
 * 50,000 images. Wide ResNet: Zagoruyko & Komodakis 2016, section 3. DenseNet: Huang et al. 2017, section 4.2.
 */
export const RECIPES = {
  'resnet-18': {
    epochs: 164,
    batchSize: 128,
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: false,
    weightDecay: 1e-4,
    schedule: HALF_AND_THREE_QUARTERS,
  },
  'wide-resnet': {
    epochs: 200,
    batchSize: 128,
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: true,
    weightDecay: 5e-4,
    schedule: { kind: 'steps', at: [0.3, 0.6, 0.8], factor: 0.2 },
  },
  'densenet-bc': {
    epochs: 300,
    batchSize: 64,
    learningRate: 0.1,
    momentum: 0.9,
    nesterov: true,
    weightDecay: 1e-4,
    schedule: HALF_AND_THREE_QUARTERS,
  },
} as const satisfies Record<string, Recipe>;

/** The learning rate after a share of the training, 0 to 1. */
export function rateAt(
  { learningRate, schedule }: Pick<Recipe, 'learningRate' | 'schedule'>,
  progress: number,
): number {
  if (schedule.kind === 'cosine') return halfCosine(learningRate, 0, progress);
  if (schedule.kind === 'one-cycle') {
    const { rise } = schedule;
    const first = learningRate / 25;
    if (progress < rise) return halfCosine(first, learningRate, progress / rise);
    return halfCosine(learningRate, first / 10_000, (progress - rise) / (1 - rise));
  }
  return learningRate * schedule.factor ** schedule.at.filter((share) => progress >= share).length;
}

/** From one rate to another along half a cosine. */
function halfCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
}
