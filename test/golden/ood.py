"""Golden values for packages/ood/src/evaluation, made once and kept as ood.golden.json beside its tests.

    python -m venv venv && venv/bin/pip install numpy scipy scikit-learn
    venv/bin/python test/golden/ood.py packages/ood/src/evaluation/ood.golden.json

Made with Python 3.11.7, NumPy 2.4.6, SciPy 1.17.1, scikit-learn 1.9.1.

scikit-learn is the reference; what it has not (detection error, the FPR rules) is counted here by brute force, threshold
by threshold, from the definition. Infinity is written as a string: it is not JSON.
"""

import json
import sys

import numpy
import scipy
import sklearn
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

random = numpy.random.default_rng(20261125)


def numbers(values):
    return [float(v) if numpy.isfinite(v) else str(float(v)).replace("inf", "Infinity") for v in values]


def trapezoid(flags, scores):
    precision, recall, _ = precision_recall_curve(flags, scores)
    return float(auc(recall, precision))


def first_reaching(flags, scores, tpr):
    fpr, tprs, _ = roc_curve(flags, scores, drop_intermediate=False)
    return float(fpr[numpy.argmax(tprs >= tpr)])


def nearest(positive, negative, tpr):
    """Outlier Exposure's rule: thresholds from the first with full recall down to the highest, then none at all."""
    candidates = []
    for threshold in numpy.unique(numpy.concatenate([positive, negative])):
        recall = (positive >= threshold).mean()
        candidates.append((recall, (negative >= threshold).mean()))
    full = [index for index, (recall, _) in enumerate(candidates) if recall == 1]
    candidates = candidates[full[-1] :] + [(0.0, 0.0)]
    distances = [abs(recall - tpr) for recall, _ in candidates]
    return float(candidates[int(numpy.argmin(distances))][1])


def detection_error(ins, outs, empirical):
    weights = (len(ins), len(outs)) if empirical else (0.5, 0.5)
    weights = numpy.array(weights) / sum(weights)
    thresholds = numpy.concatenate([ins, outs, [numpy.inf]])
    errors = [weights[0] * (ins < t).mean() + weights[1] * (outs >= t).mean() for t in thresholds]
    if not numpy.isinf(outs).any():
        return float(min(errors))
    # Nothing called in-distribution lies above every score, +Infinity included.
    return float(min([*errors, weights[0]]))


def case(name, ins, outs):
    ins, outs = numpy.asarray(ins, float), numpy.asarray(outs, float)
    scores = numpy.concatenate([ins, outs])
    # scikit-learn refuses infinities; ranks have the same order and the same ties.
    ranks = numpy.unique(scores, return_inverse=True)[1].astype(float)
    is_in = numpy.concatenate([numpy.ones(len(ins)), numpy.zeros(len(outs))])
    balanced = numpy.where(is_in == 1, 1 / len(ins), 1 / len(outs))
    rank_in, rank_out = ranks[: len(ins)], ranks[len(ins) :]
    return {
        "name": name,
        "in": numbers(ins),
        "out": numbers(outs),
        "auroc": float(roc_auc_score(is_in, ranks)),
        "aupr_in": {
            "average-precision": float(average_precision_score(is_in, ranks)),
            "trapezoid": trapezoid(is_in, ranks),
            "balanced": float(average_precision_score(is_in, ranks, sample_weight=balanced)),
        },
        "aupr_out": {
            "average-precision": float(average_precision_score(1 - is_in, -ranks)),
            "trapezoid": trapezoid(1 - is_in, -ranks),
            "balanced": float(average_precision_score(1 - is_in, -ranks, sample_weight=balanced)),
        },
        "fpr": [
            {
                "tpr": tpr,
                "in": first_reaching(is_in, ranks, tpr),
                "ood": first_reaching(1 - is_in, -ranks, tpr),
                "nearest_in": nearest(rank_in, rank_out, tpr),
                "nearest_ood": nearest(-rank_out, -rank_in, tpr),
            }
            for tpr in (0.3, 0.8, 0.95, 1.0)
        ],
        "detection_error": {
            "balanced": detection_error(rank_in, rank_out, False),
            "empirical": detection_error(rank_in, rank_out, True),
        },
    }


def odin_grid(ins, outs, steps=100_000):
    """What a scan of evenly spaced thresholds gives, as published ODIN figures were made; written from its description."""
    grid = numpy.linspace(min(ins.min(), outs.min()), max(ins.max(), outs.max()), steps)
    at_least = lambda values, t: 1 - numpy.searchsorted(numpy.sort(values), t, side="left") / len(values)
    tpr, fpr = at_least(ins, grid), at_least(outs, grid)
    near = (tpr >= 0.9495) & (tpr <= 0.9505)
    keep = tpr + fpr > 0
    def area(recall, other):
        # Each step takes the precision of its end with the lower recall.
        precision = recall / (recall + other)
        return float(numpy.sum(-numpy.diff(numpy.concatenate([[1.0], recall])) * precision) + recall[-1] * precision[-1])
    lost, found = 1 - tpr[::-1], 1 - fpr[::-1]
    some = found + lost > 0
    return {
        "fpr": float(fpr[near].mean()),
        "aupr_in": area(tpr[keep], fpr[keep]),
        "aupr_out": area(found[some], lost[some]),
        "detection_error": float(numpy.min((1 - tpr + fpr) / 2)),
    }


infinity = float("inf")
cases = [
    case("the fixture of the definitions", [9, 8, 8, 7, 5, 5, 4, 6], [8, 5, 5, 3, 2, 1]),
    case("normal scores", random.normal(1, 1, 300), random.normal(0, 1.5, 200)),
    case("mostly ties", random.integers(0, 6, 90) + 1, random.integers(0, 5, 140)),
    case("the wrong way round", random.normal(-1, 1, 80), random.normal(0, 1, 80)),
    case("apart", random.uniform(2, 3, 40), random.uniform(0, 1, 25)),
    case("one value", [3.0] * 7, [3.0] * 4),
    case("one of each", [1.0], [0.0]),
    case("a rare side", random.normal(1.5, 1, 12), random.normal(0, 1, 400)),
    case("saturated", numpy.minimum(1, random.normal(1, 0.2, 150)), numpy.minimum(1, random.normal(0.8, 0.3, 130))),
    case("infinities", [infinity, 2, 1, infinity, -infinity, 0.5], [-infinity, infinity, 0, 1, -infinity]),
]
grid_in, grid_out = random.beta(6, 1.5, 4000), random.beta(3, 2.5, 3000)
golden = {
    "versions": {m.__name__: m.__version__ for m in (numpy, scipy, sklearn)},
    "cases": cases,
    "odin_grid": {"in": numbers(grid_in.round(9)), "out": numbers(grid_out.round(9)), **odin_grid(grid_in.round(9), grid_out.round(9))},
}
with open(sys.argv[1], "w") as file:
    file.write(json.dumps(golden, allow_nan=False, separators=(",", ":")) + "\n")
