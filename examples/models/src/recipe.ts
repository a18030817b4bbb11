/** How the learning rate falls: by a factor at shares of the training, or to 0 along half a cosine. */
export type RateSchedule =
  | { readonly kind: 'steps'; readonly at: readonly number[]; readonly factor: number }
  | { readonly kind: 'cosine' };

/** How an architecture is trained on CIFAR, with pad-4 random crops and flips. */
export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  /** At the start. */
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
  if (schedule.kind === 'cosine') return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
  return learningRate * schedule.factor ** schedule.at.filter((share) => progress >= share).length;
}
