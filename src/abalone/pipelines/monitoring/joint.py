"""Whether the traits have drifted together, by a classifier two-sample test.

A classifier learns to tell served from known animals on one half of both and is tried on the other half, then the
other way round. Where nothing has drifted, its scores of both have one distribution, whatever it has learnt, so the
p-value of each half is exact (Lopez-Paz and Oquab, 2017); the smaller one counts twice.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.ensemble import HistGradientBoostingClassifier

from abalone.model.threads import threads_for
from abalone.model.traits import PREDICTED_RINGS
from abalone.pipelines.monitoring.findings import Finding

_HALVES = 2


def joint_finding(
    window: pd.DataFrame, known: pd.DataFrame, parameters: Mapping[str, Any], random_state: int
) -> Finding:
    """Compare served and known animals by a classifier.

    Args:
        window: Traits of the served animals, at least four.
        known: Traits of animals that the model was trained on, at least four.
        parameters: Hyper-parameters of the gradient boosting that tells them apart.
        random_state: Seed of the halves.

    Returns:
        The finding, not yet decided. The statistic is the area under the receiver operating curve: how often a served
        animal gets a higher score than a known one.
    """
    rng = np.random.default_rng(random_state)
    is_served = np.repeat([True, False], [len(window), len(known)])
    half = np.concatenate([rng.permutation(len(rows)) % _HALVES for rows in (window, known)])
    features = pd.concat([window, known]).drop(columns=PREDICTED_RINGS).to_numpy()
    with threads_for(len(features)):
        halves = [_try(features, is_served, half == held_out, parameters) for held_out in range(_HALVES)]
    area = float(np.mean([found[0] for found in halves]))
    p_value = min(1.0, _HALVES * min(found[1] for found in halves))
    detail = (
        f"all measurements together: a classifier tells a served from a known animal in {area:.0%} of pairs, "
        "50% being chance"
    )
    return Finding("joint", "joint", area, p_value, 0.0, False, detail)


def _try(features: Any, is_served: Any, held_out: Any, parameters: Mapping[str, Any]) -> tuple[float, float]:
    """Area and one-sided p-value on the rows held out."""
    classifier = HistGradientBoostingClassifier(**parameters, early_stopping=False)
    classifier.fit(features[~held_out], is_served[~held_out])
    scores, served = classifier.decision_function(features[held_out]), is_served[held_out]
    test = stats.mannwhitneyu(scores[served], scores[~served], alternative="greater", method="asymptotic")
    return float(test.statistic / served.sum() / (~served).sum()), float(test.pvalue)
