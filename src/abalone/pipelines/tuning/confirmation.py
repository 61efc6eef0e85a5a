"""Whether the best of many trials is good, or lucky."""

import logging

import numpy as np
from numpy.typing import NDArray

logger = logging.getLogger(__name__)


def is_confirmed(name: str, current: NDArray[np.float64], found: NDArray[np.float64]) -> bool:
    """Tell whether values that a search found beat the current ones on folds that the search has not seen.

    The mean d of the fold differences has to exceed their corrected standard error, s sqrt(1 / k + 1 / (k - 1)), with
    s the standard deviation of the k differences. The plain s sqrt(1 / k) is too small, because the training sets of
    the folds share most rows; the second term, test rows over train rows, corrects it (Nadeau and Bengio, 2003).

    Args:
        name: The candidate, for the log.
        current: Mean squared error of each fold with the values in use, shape (k,), in squared rings.
        found: Likewise with the values that the search found, on the same folds.
    """
    gains = current - found
    folds = len(gains)
    standard_error = gains.std(ddof=1) * np.sqrt(1.0 / folds + 1.0 / (folds - 1))
    confirmed = bool(gains.mean() > standard_error)
    logger.info(
        "%s: RMSE %.4f instead of %.4f rings on folds that the search has not seen: %s",
        name,
        np.sqrt(found.mean()),
        np.sqrt(current.mean()),
        "kept" if confirmed else "not better by more than noise, so the values in use stay",
    )
    return confirmed
