"""Whether a measurement is stuck at one value: a sensor that has stopped, or a default that is sent for it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from abalone.pipelines.monitoring.findings import Finding
from abalone.pipelines.monitoring.naming import UNITS, quantity, spoken
from abalone.schema import NUMBER_NAMES


def stuck_findings(window: pd.DataFrame, known: pd.DataFrame, parameters: Mapping[str, Any]) -> list[Finding]:
    """Compare how often each measurement has its commonest value with how often it had in training.

    The order of the rows is not looked at, so that rows sorted by size are not taken for a fault.

    Args:
        window: Measurements of the served animals.
        known: Measurements of animals that the model was trained on.
        parameters: `excess_share`: by how much the share of the commonest value may exceed that in training;
            `p_value`: the largest probability of so many equal values that counts as a fault.
    """
    findings = []
    for name in NUMBER_NAMES:
        _, usual = _commonest(known[name])
        value, count = _commonest(window[name])
        share, usual_share = count / len(window), usual / len(known)
        limit = usual_share + parameters["excess_share"]
        unlikely = stats.binom.sf(count - 1, len(window), usual_share) <= parameters["p_value"]
        per_unit, unit = UNITS[name]
        detail = (
            f"{spoken(name)}: {quantity(value * per_unit, unit)} in {count:,} of {len(window):,} rows "
            f"(in training no value is in more than {usual_share:.1%})"
        )
        stuck = bool(share > limit and unlikely)
        findings.append(
            Finding(name, "stuck", share, None, limit, stuck, f"{detail}: a stuck sensor?" if stuck else detail)
        )
    return findings


def _commonest(values: pd.Series) -> tuple[float, int]:
    distinct, counts = np.unique(values.to_numpy(dtype=np.float64), return_counts=True)
    return float(distinct[counts.argmax()]), int(counts.max())
