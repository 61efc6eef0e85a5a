"""Whether single traits have drifted: each measurement, each ratio, the prediction, the sexes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from abalone.model.features import LOG_RATIOS
from abalone.model.traits import PREDICTED_RINGS
from abalone.pipelines.monitoring.findings import Finding
from abalone.pipelines.monitoring.naming import SEXES, UNITS, quantity, spoken
from abalone.schema import NUMBER_NAMES, SEX

_NOTICEABLE = 0.01
"""Below this share of it, a change of a mean is no change worth a word."""


def number_findings(window: pd.DataFrame, known: pd.DataFrame) -> list[Finding]:
    """Compare each numeric trait by the test of Kolmogorov and Smirnov, which sees shifts and changes of shape alike.

    Args:
        window: Traits of the served animals.
        known: Traits of animals that the model was trained on.

    Returns:
        A finding a trait, not yet decided.
    """
    kinds = {**dict.fromkeys(NUMBER_NAMES, "measurement"), **dict.fromkeys(LOG_RATIOS, "ratio")}
    sentences = {"measurement": _of_measurement, "ratio": _of_ratio, "prediction": _of_prediction}
    findings = []
    for name, kind in {**kinds, PREDICTED_RINGS: "prediction"}.items():
        served, trained = window[name].to_numpy(), known[name].to_numpy()
        test = stats.ks_2samp(served, trained, method="asymp")
        detail = sentences[kind](name, served, trained)
        findings.append(Finding(name, kind, float(test.statistic), float(test.pvalue), 0.0, False, detail))
    return findings


def sex_finding(sexes: pd.Series, reference: Mapping[str, Any]) -> Finding:
    """Compare the sexes by the chi-squared test of homogeneity.

    Args:
        sexes: Of the served animals.
        reference: Of the artifact: the shares of the sexes among its training rows.

    Returns:
        The finding, not yet decided.
    """
    served = sexes.value_counts().reindex(SEX.values, fill_value=0).to_numpy(dtype=np.float64)
    trained = np.array([reference["sex"][value] for value in SEX.values]) * reference["rows"]
    counts = np.stack([served, trained])[:, served + trained > 0]
    test = stats.chi2_contingency(counts, correction=False)
    shares = ", ".join(
        f"{SEXES[value]} {share:.0%} ({reference['sex'][value]:.0%} in training)"
        for value, share in zip(SEX.values, served / served.sum(), strict=True)
    )
    return Finding(SEX.name, "sex", float(test.statistic), float(test.pvalue), 0.0, False, f"sex: {shares}")


def _of_measurement(name: str, served: Any, trained: Any) -> str:
    per_unit, unit = UNITS[name]
    now, before = (float(np.exp(logs).mean()) * per_unit for logs in (served, trained))
    means = f"({quantity(now, unit)} against {quantity(before, unit)})"
    if abs(now / before - 1.0) < _NOTICEABLE:
        return f"{spoken(name)}: as in training on average {means}"
    size = "larger" if now > before else "smaller"
    return f"{spoken(name)}: {size} than in training by {quantity(abs(now - before), unit)} on average {means}"


def _of_ratio(name: str, served: Any, trained: Any) -> str:
    change = float(np.exp(served).mean() / np.exp(trained).mean()) - 1.0
    if abs(change) < _NOTICEABLE:
        return f"{spoken(name)}: as in training on average"
    return f"{spoken(name)}: {abs(change):.0%} {'higher' if change > 0 else 'lower'} than in training on average"


def _of_prediction(name: str, served: Any, trained: Any) -> str:
    now, before = float(served.mean()), float(trained.mean())
    return f"{spoken(name)}: {now:.1f} on average, {before:.1f} in training"
