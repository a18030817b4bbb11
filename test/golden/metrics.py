"""Golden values for the metrics of packages/metrics, made once and kept beside the sources of each.

    python -m venv venv && venv/bin/pip install numpy
    venv/bin/python test/golden/metrics.py packages/metrics/src

Every score is computed here in float64, by its definition, from float32 logits, labels and features of several
checkpoints. Nothing is shared with the TypeScript sources. The versions used are in shared/run.golden.json.
"""

import json
import platform
import sys

import numpy

random = numpy.random.default_rng(20261124)
CHECKPOINTS, EXAMPLES, CLASSES, WIDTH = 5, 24, 4, 6
NEIGHBOURS = 3


def float32(values):
    """What a device is given: float32, computed on in float64."""
    return numpy.asarray(values, numpy.float32).astype(numpy.float64)


def log_softmax(a):
    shifted = a - a.max(axis=-1, keepdims=True)
    return shifted - numpy.log(numpy.exp(shifted).sum(axis=-1, keepdims=True))


labels = random.integers(0, CLASSES, EXAMPLES)
# Growing logits that lean towards the label, as in training; some examples against it.
lean = numpy.where(random.uniform(size=EXAMPLES) < 0.3, -1.5, 1.5)[:, None] * numpy.eye(CLASSES)[labels]
logits = float32([random.normal(0, 1 + t, (EXAMPLES, CLASSES)) + t * lean for t in range(CHECKPOINTS)])
# Last layer: features h, a linear head on them gives other logits, for the metrics that need both.
features = float32(random.normal(0, 1, (EXAMPLES, WIDTH)))
kernels = float32(random.normal(0, 0.7, (CHECKPOINTS, WIDTH, CLASSES)))
biases = float32(random.normal(0, 0.3, (CHECKPOINTS, CLASSES)))
rates = [0.5, 0.25, 0.125, 0.0625, 0.03125]

rows = numpy.arange(EXAMPLES)
onehot = numpy.eye(CLASSES)[labels]


def without_label(values, fill):
    return numpy.where(onehot == 1, fill, values)


def scalars(a):
    """Per checkpoint: [checkpoints, examples]."""
    log_p = log_softmax(a)
    p = numpy.exp(log_p)
    own = p[:, rows, labels]
    return {
        "p": p,
        "own": own,
        "error": numpy.linalg.norm(p - onehot, axis=-1),
        "margin": own - without_label(p, -1.0).max(axis=-1),
        "logitMargin": a[:, rows, labels] - without_label(a, -numpy.inf).max(axis=-1),
        "entropy": -(p * log_p).sum(axis=-1),
        "loss": -log_p[:, rows, labels],
        "energy": -numpy.log(numpy.exp(a).sum(axis=-1)),
        "correct": a.argmax(axis=-1) == labels,
    }


def forgetting(correct, never):
    count, first, unforgettable = [], [], []
    for example in range(correct.shape[1]):
        history = correct[:, example]
        events = sum(bool(history[t] and not history[t + 1]) for t in range(len(history) - 1))
        learned = history.any()
        count.append(float(events if learned else never))
        first.append(float(history.argmax() if learned else len(history)))
        unforgettable.append(float(learned and events == 0))
    return {"count": count, "firstLearned": first, "unforgettable": unforgettable}


s = scalars(logits)
head = numpy.einsum("nd,tdc->tnc", features, kernels) + biases[:, None, :]
h = scalars(head)
gradient = [
    [
        # The gradient itself, not its closed form: the outer product and the bias part, flattened.
        numpy.concatenate([numpy.outer(features[i], h["p"][t, i] - onehot[i]).ravel(), h["p"][t, i] - onehot[i]])
        for i in range(EXAMPLES)
    ]
    for t in range(CHECKPOINTS)
]
lengths = numpy.array([[numpy.linalg.norm(g) for g in row] for row in gradient])
lengths_without_bias = numpy.array([[numpy.linalg.norm(g[:-CLASSES]) for g in row] for row in gradient])

mean_p = s["p"].mean(axis=0)
columns = {
    "el2n": {"el2n": s["error"].mean(axis=0)},
    "el2n-last": {"el2n-last": s["error"][-1]},
    "aum": {"aum": s["logitMargin"].mean(axis=0)},
    "margin": {"margin": s["margin"].mean(axis=0)},
    "entropy": {"entropy": s["entropy"].mean(axis=0)},
    "mean-loss": {"mean-loss": s["loss"].mean(axis=0)},
    "data-maps": {
        "confidence": s["own"].mean(axis=0),
        "variability": s["own"].std(axis=0),
        "correctness": s["correct"].mean(axis=0),
    },
    "data-iq": {"aleatoric": (s["own"] * (1 - s["own"])).mean(axis=0), "confidence": s["own"].mean(axis=0)},
    "forgetting": forgetting(s["correct"], CHECKPOINTS),
    "confident-learning": {
        "selfConfidence": mean_p[rows, labels],
        "normalisedMargin": mean_p[rows, labels] - without_label(mean_p, -1.0).max(axis=-1),
        **{f"probability{c}": mean_p[:, c] for c in range(CLASSES)},
    },
    "loss-variance": {"loss-variance": s["loss"].var(axis=0)},
    "freeEnergy-std": {"freeEnergy-std": s["energy"].std(axis=0, ddof=1)},
}
last_layer = {
    "grand": lengths.mean(axis=0),
    "grand-without-bias": lengths_without_bias.mean(axis=0),
    "self-influence": sum(rate * lengths[t] ** 2 for t, rate in enumerate(rates)),
}


def confident_joint(p, given):
    classes = p.shape[1]
    thresholds = numpy.array([p[given == c, c].mean() for c in range(classes)])
    counts = numpy.zeros((classes, classes), int)
    for row, y in zip(p, given):
        above = [c for c in range(classes) if row[c] >= thresholds[c]]
        if above:
            counts[y, max(above, key=lambda c: row[c])] += 1
    sizes = numpy.bincount(given, minlength=classes)
    calibrated = counts / counts.sum(axis=1, keepdims=True) * sizes[:, None]
    return thresholds, counts, calibrated / calibrated.sum()


thresholds, counts, joint = confident_joint(mean_p, labels)


def label_issues(p, given):
    """Northcutt et al. 2021, section 3.2: positions by method, the least self-confident first."""
    t, _, q = confident_joint(p, given)
    number = numpy.floor(q * len(given) + 0.5).astype(int)
    everyone = range(len(given))
    confident = [max((c for c in range(CLASSES) if p[i, c] >= t[c]), key=lambda c: p[i, c], default=None) for i in everyone]
    by_class, by_rate = set(), set()
    for i in range(CLASSES):
        labelled = [n for n in everyone if given[n] == i]
        wrong = int(numpy.floor(len(labelled) - q[i, i] * len(given) + 0.5))
        by_class |= set(sorted(labelled, key=lambda n: p[n, i])[:wrong])
        for j in range(CLASSES):
            if j != i:
                by_rate |= set(sorted(labelled, key=lambda n: p[n, i] - p[n, j])[: number[i, j]])
    methods = {
        "confidentJoint": {n for n in everyone if confident[n] is not None and confident[n] != given[n]},
        "confusion": {n for n in everyone if p[n].argmax() != given[n]},
        "pruneByClass": by_class,
        "pruneByNoiseRate": by_rate,
        "both": by_class & by_rate,
    }
    return {method: sorted(found, key=lambda n: p[n, given[n]]) for method, found in methods.items()}


# Undecided probabilities, on which the five methods differ.
undecided = float32(numpy.random.default_rng(7).dirichlet(numpy.ones(CLASSES), 60))
given = numpy.array([row.argmax() if n % 3 else n % CLASSES for n, row in enumerate(undecided)])
issues = label_issues(undecided, given)
assert len({tuple(found) for found in issues.values()}) == len(issues)


def prototypicality(rows_, given, distance):
    out = []
    for row, y in zip(rows_, given):
        centre = rows_[given == y].mean(axis=0)
        cosine = row @ centre / (numpy.linalg.norm(row) * numpy.linalg.norm(centre))
        out.append(1 - cosine if distance == "cosine" else numpy.linalg.norm(row - centre))
    return out


def knn_votes(rows_, given, k):
    votes = []
    for i, row in enumerate(rows_):
        distance = numpy.linalg.norm(rows_ - row, axis=1)
        distance[i] = numpy.inf
        votes.append(int(numpy.bincount(given[distance.argsort(kind="stable")[:k]], minlength=CLASSES).argmax()))
    return votes


# Layers of the model at the last checkpoint: its input, which is the features, and its logits.
predicted = head[-1].argmax(axis=-1)
votes = [knn_votes(layer, labels, NEIGHBOURS) for layer in (features, head[-1])]
depth = [
    next(d for d in range(len(votes) + 1) if all(vote[i] == predicted[i] for vote in votes[d:]))
    for i in range(EXAMPLES)
]

def columns_of(*names):
    return {name: columns[name] for name in names}


golden = {
    "shared/run": {
        "made": {"python": platform.python_version(), "numpy": numpy.__version__},
        "labels": labels,
        "logits": logits,
        "features": features,
        "kernels": kernels,
        "biases": biases,
        "rates": rates,
    },
    "el2n/el2n": columns_of("el2n", "el2n-last"),
    "trajectory-variance/trajectory-variance": columns_of("loss-variance", "freeEnergy-std"),
    **{
        f"{name}/{name}": columns_of(name)
        for name in ("aum", "margin", "entropy", "mean-loss", "data-maps", "data-iq", "forgetting")
    },
    "confident-learning/confident-learning": {
        "columns": columns_of("confident-learning"),
        "confidentJoint": {"thresholds": thresholds, "counts": counts, "joint": joint},
        "labelIssues": {"probabilities": undecided, "labels": given, "found": issues},
    },
    "grand/grand": {name: last_layer[name] for name in ("grand", "grand-without-bias")},
    "self-influence/self-influence": {"self-influence": last_layer["self-influence"]},
    "prototypicality/prototypicality": {d: prototypicality(features, labels, d) for d in ("cosine", "euclidean")},
    "prediction-depth/prediction-depth": {"neighbours": NEIGHBOURS, "depth": depth},
}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, numpy.ndarray)):
        return [plain(inner) for inner in value]
    return value.item() if isinstance(value, numpy.generic) else value


for place, values in golden.items():
    with open(f"{sys.argv[1]}/{place}.golden.json", "w", encoding="utf-8") as file:
        json.dump(plain(values), file)
        file.write("\n")
