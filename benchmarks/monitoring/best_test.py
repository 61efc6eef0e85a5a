"""What the best possible test could find of errors that have all grown in proportion: a bound for any other."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from abalone.model.relative_error import relative_errors
from benchmarks.monitoring.setting import predict, served, survey

FOLDS = 5
BANDWIDTHS = (0.2, 0.25, 0.3, 0.4)
HALVINGS = 20
SMALLEST = 1e-3
STEP = 0.01
SHIFT = 0.05

Floats = NDArray[np.float64]


def information(seed: int) -> float:
    """Return what one label tells of the size of all errors: Fisher's information of its logarithm.

    The logarithms of relative errors that grow in proportion are shifted. The best test of a shift adds up the scores,
    minus the derivative of the logarithm of the density, which are estimated on one half of the errors and tried on the
    other: (mean slope)^2 / variance of the scores (van der Vaart, 1998, section 14.2), on average over halves, for the
    best bandwidth.
    """
    rng = np.random.default_rng(seed)
    logarithms = np.log(np.maximum(_errors(rng), SMALLEST))
    halves = [np.split(rng.permutation(logarithms), [len(logarithms) // 2]) for _ in range(HALVINGS)]
    return max(float(np.mean([_efficacy(*half, width) for half in halves])) for width in BANDWIDTHS)


def best_power(information: float, labels: int, growth: float, alpha: float) -> float:
    """Return the power of the best one-sided test at `alpha`, to which the size of the errors promised is known."""
    return float(stats.norm.cdf(np.log(growth) * np.sqrt(information * labels) - stats.norm.isf(alpha)))


def _errors(rng: np.random.Generator) -> Floats:
    """Relative errors of all rows of the survey, each by a model that did not know it, shape (rows,)."""
    everything = np.arange(len(survey()))
    found = []
    for unseen in np.array_split(rng.permutation(everything), FOLDS):
        service = served(np.setdiff1d(everything, unseen), unseen)
        rows = predict(service.model, service.unseen)
        found.append(relative_errors(*(rows[name] for name in ("rings", "predicted_rings", "lower", "upper"))))
    return np.concatenate(found)


def _efficacy(known: Floats, tried: Floats, bandwidth: float) -> float:
    grid = np.arange(known.min() - 1.0, known.max() + 1.0, STEP)
    density = stats.gaussian_kde(known, bw_method=bandwidth / known.std())(grid)
    scores = -np.gradient(np.log(density), STEP)

    def score(values: Floats) -> Floats:
        return np.interp(values, grid, scores)

    slope = (score(tried + SHIFT).mean() - score(tried - SHIFT).mean()) / (2.0 * SHIFT)
    return float(slope**2 / score(tried).var())
