"""What monitoring compares animals by: their measurements, the ratios of them, their sex and the prediction."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from abalone.model.features import LOG_RATIOS, SEX_NAMES, measurement_features
from abalone.schema import MEASUREMENT_NAMES, NUMBER_NAMES

PREDICTED_RINGS = "predicted_rings"
_TINY = 1e-9
"""Zeros are raised to this, so that they have a logarithm: far below anything that was weighed."""

TRAIT_NAMES = (*NUMBER_NAMES, *LOG_RATIOS, PREDICTED_RINGS, *SEX_NAMES)


def traits(table: pd.DataFrame, predicted: ArrayLike) -> pd.DataFrame:
    """Compute the traits of animals.

    Args:
        table: Measurements in the units of the schema.
        predicted: Predicted rings, shape (rows,).

    Returns:
        The columns TRAIT_NAMES: of each measurement the logarithm, which spreads light animals out and turns a wrong
        unit into a shift; the ratios as the model sees them; the predicted rings; 1 or 0 for each sex.
    """
    features = measurement_features(table[list(MEASUREMENT_NAMES)])
    measured = np.log(np.maximum(table[list(NUMBER_NAMES)].to_numpy(dtype=np.float64), _TINY))
    numbers = pd.DataFrame(measured, columns=list(NUMBER_NAMES), index=table.index)
    return numbers.join(features[[*LOG_RATIOS, *SEX_NAMES]]).assign(**{PREDICTED_RINGS: np.asarray(predicted)})[
        list(TRAIT_NAMES)
    ]
