import { VogError } from '@vogjs/base';
import type { Plan } from './planner.js';

/**
 * Refuses a plan that the budget cannot hold.
 *
 * @throws VogError BUDGET_TOO_SMALL
 */
export function enforceBudget(plan: Plan, budget: number | undefined): void {
  if (budget === undefined || plan.stateBytes <= budget) return;
  const parts = Object.entries(plan.stateBytesByMetric).map(([name, bytes]) => `${name} ${megabytes(bytes)}`);
  throw new VogError(
    'BUDGET_TOO_SMALL',
    `The states need ${megabytes(plan.stateBytes)} (${parts.join(', ')}; ${plan.examples} examples, states of ${plan.segments.length} stretches of training) ` +
      `and memoryBudget is ${megabytes(budget)}. Ways out: a larger budget, fewer examples in the probe, fewer windows, ` +
      'or a pooled gradient map such as vog({ pool: 2 }), which needs a quarter.',
  );
}

function megabytes(bytes: number): string {
  return bytes < 1e5 ? `${bytes} bytes` : `${(bytes / 1e6).toFixed(1)} MB`;
}
