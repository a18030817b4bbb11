"""Golden values for packages/statistics/src/exact-tests.ts, kept as exact-tests.golden.json beside its tests.

    python -m venv venv && venv/bin/pip install scipy mpmath
    venv/bin/python test/golden/exact_tests.py packages/statistics/src/exact-tests.golden.json

Made with Python 3.11.7, SciPy 1.17.1, mpmath: SciPy's binomtest gives the intervals to 1e-8, which
mpmath refines at 40 digits; tails are summed by mpmath from whole numbers.
"""

import json
import sys

import mpmath
from scipy.stats import binomtest, hypergeom

mpmath.mp.dps = 40


def tails(count, part, kind, whole):
    ways = lambda k: mpmath.binomial(kind, k) * mpmath.binomial(whole - kind, part - k)
    total = mpmath.binomial(whole, part)
    least, most = max(0, part + kind - whole), min(part, kind)
    over = sum(ways(k) for k in range(count, most + 1)) / total
    under = sum(ways(k) for k in range(least, count + 1)) / total
    assert abs(hypergeom.sf(count - 1, whole, kind, part) - float(over)) < 1e-9
    return float(over), float(under)


def refined(x, p, a, b):
    """The x with I_x(a, b) = p, from SciPy's by Newton's method."""
    x = mpmath.mpf(x)
    for _ in range(4):
        density = mpmath.exp((a - 1) * mpmath.log(x) + (b - 1) * mpmath.log1p(-x)) / mpmath.beta(a, b)
        x -= (mpmath.betainc(a, b, 0, x, regularized=True) - p) / density
    return float(x)


intervals = []
for successes, trials in ((0, 1), (1, 1), (0, 20), (19, 20), (20, 20), (3, 7), (475, 500), (9500, 10000), (1, 100000), (999_990, 1_000_000)):
    for confidence in (0.5, 0.9, 0.95, 0.999):
        low, high = binomtest(successes, trials).proportion_ci(confidence, method="exact")
        tail = (1 - mpmath.mpf(confidence)) / 2
        low = refined(low, tail, successes, trials - successes + 1) if successes > 0 else 0.0
        high = refined(high, 1 - tail, successes + 1, trials - successes) if successes < trials else 1.0
        intervals.append({"successes": successes, "trials": trials, "confidence": confidence, "low": float(low), "high": float(high)})

tests = []
for count, part, kind, whole in (
    (0, 1, 1, 2), (1, 1, 1, 1), (3, 10, 6, 24), (6, 10, 6, 24), (0, 10, 6, 24), (12, 20, 18, 26), (7, 25, 25, 100),
    (600, 2000, 2000, 8000), (480, 2000, 2000, 8000), (500, 2000, 2000, 8000), (900, 2000, 2000, 8000), (3000, 13000, 2000 + 1500, 52000),
):  # fmt: skip
    over, under = tails(count, part, kind, whole)
    tests.append({"count": count, "part": part, "kind": kind, "whole": whole, "over": over, "under": under})

with open(sys.argv[1], "w") as file:
    file.write(json.dumps({"intervals": intervals, "tests": tests}, allow_nan=False, separators=(",", ":")) + "\n")
