/** Something about an evaluation that a reader should know before the figures. */
export interface OodWarning {
  readonly code: 'AUROC_BELOW_HALF' | 'BASE_RATE_UNBALANCED' | 'SCORES_TIED';
  readonly message: string;
}

/** One side larger than this many times the other is far from balanced. */
const unbalancedFrom = 4;
/** Share of examples beyond the distinct scores from which ties are told. */
const tiedFrom = 0.1;

export function warningsOf(
  auroc: number,
  { in: ins, out: outs, distinct }: { readonly in: number; readonly out: number; readonly distinct: number },
  balanced: boolean,
): OodWarning[] {
  const warnings: OodWarning[] = [];
  if (auroc < 0.5) {
    warnings.push({
      code: 'AUROC_BELOW_HALF',
      message:
        `AUROC is ${auroc.toFixed(4)}, under 0.5: the OoD examples rank as more in-distribution than the others. Is the ` +
        'sign of the scores right? Energy and entropy are published with either. If it is, the detector fails on this set.',
    });
  }
  const ratio = Math.max(ins, outs) / Math.min(ins, outs);
  if (ratio > unbalancedFrom && !balanced) {
    const share = ((100 * ins) / (ins + outs)).toFixed(1);
    warnings.push({
      code: 'BASE_RATE_UNBALANCED',
      message:
        `${share} % of the examples are in-distribution. The areas under precision over recall rest on that share: compare ` +
        "them with their base only, or use interpolation 'balanced'.",
    });
  }
  const tied = 1 - distinct / (ins + outs);
  if (tied > tiedFrom) {
    warnings.push({
      code: 'SCORES_TIED',
      message:
        `${ins + outs} examples share ${distinct} distinct scores (${(100 * tied).toFixed(1)} % duplicates). Tied examples ` +
        'cannot be told apart by any threshold. A softmax in float32 saturates at 1: logits or energy do not.',
    });
  }
  return warnings;
}
