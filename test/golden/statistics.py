"""Golden values for packages/statistics/src, made once and kept as statistics.golden.json beside its tests.

    python -m venv venv && venv/bin/pip install numpy scipy scikit-learn statsmodels mpmath
    venv/bin/python test/golden/statistics.py packages/statistics/src/statistics.golden.json

Made with Python 3.11.7, NumPy 2.4.6, SciPy 1.17.1, scikit-learn 1.9.1, mpmath 1.4.1.

SciPy, NumPy, scikit-learn and statsmodels are the references. Where a p-value lies beyond float64, or where SciPy itself has no ten
digits left, mpmath gives it at 60 digits from the same definition; those fields are named log_p.
"""

import json
import sys

import mpmath
import numpy
import scipy
import sklearn
import statsmodels
from scipy import special, stats
from sklearn.metrics import average_precision_score, roc_auc_score
from statsmodels.stats.multitest import multipletests

mpmath.mp.dps = 60
random = numpy.random.default_rng(20261123)


def log_two_sided(t_squared, degrees_of_freedom):
    """log P(|T| >= |t|), T of Student's distribution."""
    t_squared, v = mpmath.mpf(t_squared), mpmath.mpf(degrees_of_freedom)
    if t_squared == 0:
        return 0.0
    p = mpmath.betainc(v / 2, mpmath.mpf(1) / 2, 0, v / (v + t_squared), regularized=True)
    return float(mpmath.log(p))


def log_p_of_pearson(x, y):
    """The same from the samples, every step at 60 digits."""
    x, y = [mpmath.mpf(float(v)) for v in x], [mpmath.mpf(float(v)) for v in y]
    n = len(x)
    mean_x, mean_y = sum(x) / n, sum(y) / n
    xy = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y))
    xx = sum((a - mean_x) ** 2 for a in x)
    yy = sum((b - mean_y) ** 2 for b in y)
    r_squared = xy**2 / (xx * yy)
    return log_two_sided(r_squared * (n - 2) / (1 - r_squared), n - 2)


def numbers(values):
    return [float(v) for v in values]


def students():
    cases = [(t, v) for v in (1, 2, 3, 4.5, 10, 29.7, 198, 5000, 49998, 1e6) for t in (0, 1e-9, 0.1, 0.9, 1, 1.001, 1.7, 2.5, 6, 38)]
    cases += [(1e200, 1), (1e100, 3), (700, 10), (37.5, 1e9), (1000, 200), (1e5, 60)]
    return [{"t": t, "degrees_of_freedom": v, "log_p": log_two_sided(mpmath.mpf(t) ** 2, v)} for t, v in cases]


def correlations():
    samples = {}
    for n in (3, 4, 5, 10, 37, 500):
        x = random.normal(size=n)
        samples[f"normal, n = {n}"] = (x, 0.4 * x + random.normal(size=n))
    x = random.integers(0, 4, size=40)
    samples["ties in both"] = (x, x + random.integers(0, 3, size=40))
    samples["flags"] = (random.integers(0, 2, size=30), random.integers(0, 2, size=30))
    samples["an offset of a million"] = (1e6 + random.normal(size=25), random.normal(size=25))
    samples["squares that overflow"] = (1e200 * numpy.array([1.0, 2, 4, 3, 9]), 1e-200 * numpy.array([3.0, 1, 5, 2, 6]))
    x = random.normal(size=700)
    samples["p near 1e-300"] = (x, x + 0.65 * random.normal(size=700))
    x = random.normal(size=400)
    samples["p beyond float64"] = (x, x + 0.05 * random.normal(size=400))
    x = numpy.arange(12.0)
    samples["1 - r near 1e-13"] = (x, x + 1e-6 * random.normal(size=12))
    samples["falling"] = (numpy.arange(9.0), -numpy.arange(9.0) ** 3 + random.normal(size=9))
    cases = []
    for name, (x, y) in samples.items():
        r, s = stats.pearsonr(x, y), stats.spearmanr(x, y)
        ranks_x, ranks_y = stats.rankdata(x), stats.rankdata(y)
        perfect = abs(s.statistic) > 1 - 1e-12
        case = {
            "name": name,
            "x": numbers(x),
            "y": numbers(y),
            "pearson": {"r": float(r.statistic), "p": float(r.pvalue), "log_p": log_p_of_pearson(x, y)},
            "spearman": {
                "r": float(s.statistic),
                "p": float(s.pvalue),
                "log_p": None if perfect else log_p_of_pearson(ranks_x, ranks_y),
            },
        }
        cases.append(case)
    return cases


def moments(values):
    values = [mpmath.mpf(float(v)) for v in values]
    mean = sum(values) / len(values)
    return mean, mpmath.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1)), len(values)


def t_test_at_60_digits(first, second, variances):
    (m1, s1, n1), (m2, s2, n2) = first, second
    if variances == "equal":
        df = mpmath.mpf(n1 + n2 - 2)
        squared_error = ((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / df * (mpmath.mpf(1) / n1 + mpmath.mpf(1) / n2)
    else:
        v1, v2 = s1**2 / n1, s2**2 / n2
        squared_error = v1 + v2
        df = squared_error**2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))
    t = (m1 - m2) / mpmath.sqrt(squared_error)
    return {"t": float(t), "df": float(df), "log_p": log_two_sided(t**2, df)}


def t_tests():
    samples = {
        "two and two": ([1.0, 2.0], [4.0, 4.5]),
        "one side constant": ([3.0, 3.0, 3.0], [1.0, 2.0, 4.0, 8.0]),
        "unequal sizes and spreads": (random.normal(0, 1, 8), random.normal(0.5, 4, 40)),
        "an offset of a million": (1e6 + random.normal(size=12), 1e6 + 1 + random.normal(size=9)),
        "tiny scores": (1e-7 * random.normal(1, 0.2, 20), 1e-7 * random.normal(1.2, 0.4, 15)),
        "far apart": (random.normal(0, 1, 60), random.normal(30, 2, 50)),
    }
    cases = []
    for name, (a, b) in samples.items():
        for variances in ("unequal", "equal"):
            result = stats.ttest_ind(a, b, equal_var=variances == "equal")
            case = {"name": name, "a": numbers(a), "b": numbers(b), "variances": variances}
            case |= {"scipy": {"t": float(result.statistic), "df": float(result.df), "p": float(result.pvalue)}}
            case |= t_test_at_60_digits(moments(a), moments(b), variances)
            cases.append(case)
    return cases


def t_tests_from_statistics():
    """Section C of the seed, at 60 digits: the p-values lie near 1e-180 and 1e-290."""
    cases = []
    for first, second in (((0.62, 0.54, 40000), (0.85, 0.75, 10000)), ((0.54, 0.46, 40000), (0.82, 0.71, 10000))):
        for variances in ("unequal", "equal"):
            scipy_result = stats.ttest_ind_from_stats(*first, *second, equal_var=variances == "equal")
            case = {"first": first, "second": second, "variances": variances}
            exact = [(mpmath.mpf(str(mean)), mpmath.mpf(str(std)), n) for mean, std, n in (first, second)]
            case |= t_test_at_60_digits(*exact, variances)
            case |= {"scipy_t": float(scipy_result.statistic), "scipy_p": float(scipy_result.pvalue)}
            cases.append(case)
    return cases


def quantiles():
    samples = [[7.0], [1.0, 2.0], [3.0, 1.0, 2.0, 2.0], numbers(random.normal(size=11)), numbers(random.integers(0, 5, 30))]
    shares = [0, 0.01, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.999, 1]
    return [{"values": v, "q": shares, "expected": numbers(numpy.quantile(v, shares))} for v in samples]


def detections():
    samples = {}
    flags = (random.random(300) < 0.07).astype(int)
    samples["a good score"] = (random.normal(size=300) + 1.5 * flags, flags)
    samples["a score that points the wrong way"] = (random.normal(size=300) - flags, flags)
    flags = (random.random(200) < 0.2).astype(int)
    samples["mostly ties"] = (random.integers(0, 3, 200) + flags, flags)
    samples["one value"] = (numpy.zeros(9), numpy.array([0, 1, 0, 0, 1, 0, 0, 0, 0]))
    samples["one flagged, one not"] = (numpy.array([0.0, 1.0]), numpy.array([0, 1]))
    cases = []
    for name, (values, flags) in samples.items():
        values = values.astype(numpy.float64)
        case = {"name": name, "values": numbers(values), "flags": [int(f) for f in flags]}
        case |= {"auroc": float(roc_auc_score(flags, values)), "average_precision": float(average_precision_score(flags, values))}
        cases.append(case)
    return cases


def normals():
    points = [-37, -12, -6, -3.6, -3.5, -2, -1, -0.3, 0, 1e-9, 0.5, 1.96, 3, 3.6, 7]
    probabilities = [1e-300, 1e-12, 1e-5, 0.019, 0.02, 0.025, 0.3, 0.499, 0.5, 0.7, 0.975, 0.99999]
    return {
        "probabilities": [{"z": z, "p": float(special.ndtr(z))} for z in points],
        "quantiles": [{"p": p, "z": float(special.ndtri(p))} for p in probabilities],
    }


def bootstraps():
    """Interval of SciPy's bootstrap for a distribution that is given, so that no random draw enters."""
    strays = numpy.concatenate([random.lognormal(size=30), [25.0]])
    first, second = random.normal(size=14), random.exponential(size=23)
    x = random.normal(size=20)
    y = 0.6 * x + random.normal(size=20)
    pearson = lambda x, y, axis=-1: numpy.vectorize(lambda a, b: stats.pearsonr(a, b).statistic, signature="(n),(n)->()")(x, y)
    difference = lambda a, b, axis=-1: numpy.mean(a, axis=axis) - numpy.mean(b, axis=axis)
    samples = {
        "the mean of a skewed sample": ((strays,), numpy.mean, False),
        "the variance of a skewed sample": ((strays,), numpy.var, False),
        "a correlation of pairs": ((x, y), pearson, True),
        "the difference of two independent means": ((first, second), difference, False),
    }
    cases = []
    for name, (data, statistic, paired) in samples.items():
        for level in (0.9, 0.95):
            result = stats.bootstrap(
                data, statistic, n_resamples=400, confidence_level=level, method="BCa", paired=paired, rng=random, vectorized=True
            )
            distribution = result.bootstrap_distribution
            case = {"name": name, "samples": [numbers(sample) for sample in data], "level": level}
            case |= {"distribution": numbers(distribution), "bca": numbers(result.confidence_interval)}
            percentile = stats.bootstrap(data, statistic, n_resamples=0, bootstrap_result=result, method="percentile",
                                         confidence_level=level, paired=paired, rng=random, vectorized=True)
            case |= {"percentile": numbers(percentile.confidence_interval), "standard_error": float(result.standard_error)}
            cases.append(case)
    return cases


def false_discoveries():
    samples = {
        "one": [0.03],
        "ties and the ends": [0.0, 1.0, 0.04, 0.04, 0.5, 1e-300],
        "all large": [0.9, 0.95, 0.99],
        "random": random.random(40) ** 3,
        "extreme": 10.0 ** -random.integers(1, 308, 25).astype(float),
    }
    cases = []
    for name, p in samples.items():
        adjusted = multipletests(p, method="fdr_bh")[1]
        numpy.testing.assert_allclose(adjusted, stats.false_discovery_control(p, method="bh"), rtol=1e-14)
        cases.append({"name": name, "p": numbers(p), "adjusted": numbers(adjusted)})
    return cases


def false_discoveries_from_logarithms():
    """Logarithms far below those of float64, at 60 digits."""
    log_p = numbers(numpy.concatenate([-random.exponential(2000, 12), -random.exponential(1, 6), [0.0]]))
    order = sorted(range(len(log_p)), key=lambda index: log_p[index])
    adjusted, least = [0.0] * len(log_p), mpmath.mpf(0)
    for position in reversed(range(len(order))):
        least = min(least, mpmath.mpf(log_p[order[position]]) + mpmath.log(mpmath.mpf(len(order)) / (position + 1)))
        adjusted[order[position]] = float(least)
    return {"log_p": log_p, "adjusted": adjusted}


def agreements():
    """Spearman of every pair, and the overlap of the hardest k by counting, where no tie is cut."""
    size, k = 80, 8
    base = random.normal(size=size)
    scores = [base, base + random.normal(size=size), -base + 0.5 * random.normal(size=size), random.normal(size=size)]
    scores.append(numpy.round(2 * base + random.normal(size=size)))
    signs = [1, 1, -1, 1, 1]
    oriented = numpy.array([sign * score for sign, score in zip(signs, scores)])
    top = [set(numpy.argsort(-row, kind="stable")[:k]) for row in oriented[:4]]
    return {
        "scores": [numbers(score) for score in scores],
        "hard_directions": ["high" if sign == 1 else "low" for sign in signs],
        "spearman": [numbers(row) for row in stats.spearmanr(oriented, axis=1).statistic],
        "k": k,
        "overlap_of_first_four": [[len(a & b) / k for b in top] for a in top],
    }


golden = {
    "versions": {m.__name__: m.__version__ for m in (numpy, scipy, sklearn, statsmodels, mpmath)},
    "students": students(),
    "correlations": correlations(),
    "t_tests": t_tests(),
    "t_tests_from_statistics": t_tests_from_statistics(),
    "quantiles": quantiles(),
    "detections": detections(),
    "normals": normals(),
    "bootstraps": bootstraps(),
    "false_discoveries": false_discoveries(),
    "false_discoveries_from_logarithms": false_discoveries_from_logarithms(),
    "agreements": agreements(),
}
with open(sys.argv[1], "w") as file:
    # Infinity is not JSON; a perfect rank correlation is the only place where it could arise, and it is null there.
    file.write(json.dumps(golden, allow_nan=False, separators=(",", ":")) + "\n")
