"""Golden values for the detectors of packages/ood, made once and kept beside them: NAME/NAME.golden.json for each
detector, shared/networks.golden.json for what they were computed on, and the spectrum beside the eigenvalues.

    python -m venv venv && venv/bin/pip install numpy scipy scikit-learn torch
    venv/bin/python test/golden/ood-detectors.py packages/ood/src

A small network x -> tanh -> logits with float32 weights, computed in float64: its logits, features and gradients by
PyTorch, each score by its definition with NumPy, SciPy and scikit-learn. Nothing is shared with the TypeScript sources.
The versions used are in the file.
"""

import json
import platform
import sys

import numpy
import scipy.special
import scipy.stats
import sklearn
import torch
from sklearn.covariance import EmpiricalCovariance
from sklearn.neighbors import NearestNeighbors

random = numpy.random.default_rng(20261125)
WIDTH, HIDDEN, CLASSES = 6, 8, 5
FIT, SCORED = 90, 24
FLOOR = 1e-6
torch.set_default_dtype(torch.float64)


def float32(values):
    """What a device is given: float32, computed on in float64."""
    return numpy.asarray(values, numpy.float32).astype(numpy.float64)


def network(duplicate):
    """Weights; with a hidden unit that repeats another one, features have a singular covariance."""
    first = float32(random.normal(0, 0.6, (WIDTH, HIDDEN)))
    first_bias = float32(random.normal(0, 0.3, HIDDEN))
    if duplicate:
        first[:, -1], first_bias[-1] = first[:, 0], first_bias[0]
    return [first, first_bias, float32(random.normal(0, 1.5, (HIDDEN, CLASSES))), float32(random.normal(0, 0.5, CLASSES))]


def passes(weights, x):
    first, first_bias, kernel, bias = (torch.tensor(w) for w in weights)
    features = torch.tanh(x @ first + first_bias)
    return features, features @ kernel + bias


def numbers(weights, x):
    features, logits = passes(weights, torch.tensor(x))
    return features.numpy(), logits.numpy()


def odin(weights, x, temperature, epsilon, deviation):
    at = torch.tensor(x, requires_grad=True)
    logits = passes(weights, at)[1] / temperature
    torch.nn.functional.cross_entropy(logits, logits.argmax(1), reduction="sum").backward()
    disturbed = at.detach() - epsilon * torch.sign(at.grad) / torch.tensor(deviation)
    return torch.softmax(passes(weights, disturbed)[1] / temperature, 1).max(1).values.numpy()


def grad_norm(weights, x, temperature):
    norms = []
    for row in x:
        kernel = torch.tensor(weights[2], requires_grad=True)
        features = passes(weights, torch.tensor(row[None]))[0]
        logits = (features @ kernel + torch.tensor(weights[3])) / temperature
        torch.sum(-torch.log_softmax(logits, 1)).backward()
        norms.append(kernel.grad.abs().sum().item())
    return norms


def inverse(covariance):
    values, vectors = numpy.linalg.eigh(covariance)
    return vectors @ numpy.diag(1 / numpy.maximum(values, FLOOR * values.max())) @ vectors.T


def squared(difference, precision):
    return numpy.einsum("ni,ij,nj->n", difference, precision, difference)


def mahalanobis(fit, labels, scored):
    means = {c: fit[labels == c].mean(axis=0) for c in numpy.unique(labels)}
    centred = numpy.stack([f - means[c] for f, c in zip(fit, labels)])
    estimate = EmpiricalCovariance(assume_centered=True).fit(centred)
    shared = inverse(estimate.covariance_)
    background = inverse(EmpiricalCovariance().fit(fit).covariance_)
    to_class = numpy.stack([squared(scored - mean, shared) for mean in means.values()])
    to_all = squared(scored - fit.mean(axis=0), background)
    return -to_class.min(axis=0), numpy.max(-(to_class - to_all), axis=0)


def knn(fit, scored, k):
    unit = lambda rows: rows / numpy.linalg.norm(rows, axis=1, keepdims=True)
    distances, _ = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(unit(fit)).kneighbors(unit(scored))
    return -distances[:, -1]


def vim(weights, fit, fit_logits, scored, logits, dimensions):
    kernel, bias = weights[2], weights[3]
    origin = -numpy.linalg.pinv(kernel.T) @ bias
    covariance = EmpiricalCovariance(assume_centered=True).fit(fit - origin).covariance_
    values, vectors = numpy.linalg.eigh(covariance)
    rest = vectors[:, numpy.argsort(-values)[dimensions:]]
    alpha = fit_logits.max(axis=1).mean() / numpy.linalg.norm((fit - origin) @ rest, axis=1).mean()
    return scipy.special.logsumexp(logits, axis=1) - alpha * numpy.linalg.norm((scored - origin) @ rest, axis=1)


def react(weights, fit, scored, percentile):
    cut = numpy.minimum(scored, numpy.percentile(fit, percentile))
    return scipy.special.logsumexp(cut @ weights[2] + weights[3], axis=1)


def kl_matching(fit_logits, logits):
    p_fit, p = (scipy.special.softmax(values, axis=1) for values in (fit_logits, logits))
    predicted = p_fit.argmax(axis=1)
    templates = [p_fit[predicted == c].mean(axis=0) for c in numpy.unique(predicted)]
    return [-min(scipy.stats.entropy(row, template) for template in templates) for row in p]


def gen(logits, gamma, top):
    p = numpy.sort(scipy.special.softmax(logits, axis=1), axis=1)[:, -top:]
    return -(p**gamma * (1 - p) ** gamma).sum(axis=1)


def case(duplicate):
    weights = network(duplicate)
    labels = random.integers(0, CLASSES, FIT)
    fit = float32(random.normal(0, 1, (FIT, WIDTH)) + random.normal(0, 1, (CLASSES, WIDTH))[labels])
    scored = float32(random.normal(0, 2, (SCORED, WIDTH)))
    (h_fit, a_fit), (h, a) = numbers(weights, fit), numbers(weights, scored)
    p = scipy.special.softmax(a, axis=1)
    deviation = float32(random.uniform(0.2, 2, WIDTH))
    distance, relative = mahalanobis(h_fit, labels, h)
    scores = {
        "msp": p.max(axis=1),
        "msp-1000": scipy.special.softmax(a / 1000, axis=1).max(axis=1),
        "max-logit": a.max(axis=1),
        "energy": scipy.special.logsumexp(a, axis=1),
        "energy-2": 2 * scipy.special.logsumexp(a / 2, axis=1),
        "entropy": -scipy.stats.entropy(p, axis=1),
        "gen": gen(a, 0.1, CLASSES),
        "gen-3": gen(a, 0.4, 3),
        "odin": odin(weights, scored, 1000, 0.0014, 1.0),
        "odin-1": odin(weights, scored, 1, 0.05, deviation),
        "grad-norm": grad_norm(weights, scored, 1),
        "grad-norm-2": grad_norm(weights, scored, 2),
        "mahalanobis": distance,
        "relative-mahalanobis": relative,
        "knn": knn(h_fit, h, 50),
        "knn-3": knn(h_fit, h, 3),
        "vim": vim(weights, h_fit, a_fit, h, a, HIDDEN // 2),
        "vim-3": vim(weights, h_fit, a_fit, h, a, 3),
        "react": react(weights, h_fit, h, 90),
        "react-60": react(weights, h_fit, h, 60),
        "kl-matching": kl_matching(a_fit, a),
    }
    return {
        "weights": [w.tolist() for w in weights],
        "labels": labels.tolist(),
        "fit": fit.tolist(),
        "scored": scored.tolist(),
        "deviation": deviation.tolist(),
        "scores": {name: numpy.asarray(values).tolist() for name, values in scores.items()},
    }


def spectrum():
    """A symmetric matrix with a double and a vanishing eigenvalue, and NumPy's eigenvalues."""
    basis, _ = numpy.linalg.qr(random.normal(size=(7, 7)))
    matrix = basis @ numpy.diag([5.0, 2.0, 2.0, 1.0, 0.5, 1e-9, 0.0]) @ basis.T
    matrix = (matrix + matrix.T) / 2
    return {"matrix": matrix.tolist(), "values": numpy.linalg.eigvalsh(matrix)[::-1].tolist()}


# Variants are named after their detector: 'knn' and 'knn-3'.
DETECTORS = [
    "msp", "max-logit", "energy", "entropy", "gen", "odin", "grad-norm",
    "mahalanobis", "relative-mahalanobis", "knn", "vim", "react", "kl-matching",
]  # fmt: skip


def detector_of(variant):
    stem, _, last = variant.rpartition("-")
    return stem if last.isdigit() else variant


def write(path, values):
    with open(f"{sys.argv[1]}/{path}", "w", encoding="utf8") as file:
        json.dump(values, file)
        file.write("\n")


cases = {"regular": case(False), "singular": case(True)}
scores = {kind: values.pop("scores") for kind, values in cases.items()}
versions = {
    "python": platform.python_version(),
    "numpy": numpy.__version__,
    "scipy": scipy.__version__,
    "scikit-learn": sklearn.__version__,
    "torch": torch.__version__.split("+")[0],
}
write("detectors/shared/networks.golden.json", {"versions": versions, **cases})
for name in DETECTORS:
    own = {kind: {v: x for v, x in values.items() if detector_of(v) == name} for kind, values in scores.items()}
    write(f"detectors/{name}/{name}.golden.json", own)
write("linear-algebra/spectrum.golden.json", spectrum())
