const WARM = 0.3;
const FIRST = 1 / 25;
const LAST = 1 / 10_000;

/**
 * Share of the largest learning rate at a step: up from 1/25 over the first 30 % of training, then down to nearly 0,
 * both along a cosine. Source: Smith & Topin, "Super-Convergence", 2018, as PyTorch's OneCycleLR anneals it.
 */
export function oneCycle(step: number, steps: number): number {
  const at = Math.min(1, step / Math.max(1, steps - 1));
  return at < WARM ? between(FIRST, 1, at / WARM) : between(1, LAST, (at - WARM) / (1 - WARM));
}

function between(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
}
