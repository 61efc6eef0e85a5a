"""What a test of a window says, in the form of the report."""

from typing import Any, NamedTuple

import numpy as np


class Finding(NamedTuple):
    """The result of one test.

    Attributes:
        name: What was tested: a measurement, a ratio, `sex`, `predicted_rings` or `joint`.
        kind: measurement, ratio, sex, prediction, joint, stuck or unit.
        statistic: What the test looks at.
        p_value: How likely it is without drift, or None where a limit on the statistic decides.
        threshold: The limit: of the p-value, or of the statistic where there is no p-value.
        drifted: Whether it is beyond its limit.
        detail: The sentence for people.
    """

    name: str
    kind: str
    statistic: float
    p_value: float | None
    threshold: float
    drifted: bool
    detail: str

    def to_json(self) -> dict[str, Any]:
        """Return the finding as the report has it."""
        return self._asdict()


def holm(findings: list[Finding], alpha: float) -> list[Finding]:
    """Adjust the p-values of tests for their number (Holm, 1979), and decide each at the level of all together.

    Args:
        findings: Tests with p-values.
        alpha: Chance that any of them is beyond it when nothing has drifted, at most.

    Returns:
        The findings in their order, with adjusted p-values, the threshold and the decision.
    """
    p_values = np.array([finding.p_value for finding in findings], dtype=np.float64)
    order = np.argsort(p_values)
    stepped = np.maximum.accumulate(p_values[order] * np.arange(len(order), 0, -1))
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(stepped, 1.0)
    return [
        finding._replace(p_value=float(p), threshold=alpha, drifted=bool(p <= alpha))
        for finding, p in zip(findings, adjusted, strict=True)
    ]
