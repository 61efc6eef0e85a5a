"""The gate: whether the model may serve, decided from the comparison and said in sentences."""

from collections.abc import Mapping
from typing import Any, TypedDict

from abalone.pipelines.evaluation.check import Check
from abalone.pipelines.evaluation.succession import check_succession, errors


class Gate(TypedDict):
    """The gate's decision; `reasons` are the details of the checks that failed, or of all when none did."""

    passed: bool
    checks: list[Check]
    reasons: list[str]


def decide(comparison: Mapping[str, Any], level: float, parameters: Mapping[str, Any]) -> Gate:
    """Decide whether the model may serve.

    Args:
        comparison: What `nodes.compare` returns.
        level: Nominal coverage of the model's intervals.
        parameters: `evaluation.gate`.

    Returns:
        The decision.
    """
    checks = [
        *(_beats_baseline(name, comparison) for name in comparison["baselines"]),
        *check_succession(comparison["against"].get("champion"), comparison["model"]["overall"]["rows"], parameters),
        _coverage_in_range(comparison, level, parameters["coverage_tolerance"]),
    ]
    failed = [check["detail"] for check in checks if not check["passed"]]
    return {
        "passed": not failed,
        "checks": checks,
        "reasons": failed or [check["detail"] for check in checks],
    }


def _beats_baseline(name: str, comparison: Mapping[str, Any]) -> Check:
    against = comparison["against"][name]
    passed = against["squared_error_reduction"] > 0
    verdict = "better than" if passed else "no better than"
    detail = f"{verdict} the baseline '{name}': {errors(against)}"
    return {"name": f"beats_{name}", "passed": passed, "detail": detail}


def _coverage_in_range(comparison: Mapping[str, Any], level: float, tolerance: float) -> Check:
    check = "coverage_in_range"
    lowest, highest = max(level - tolerance, 0.0), min(level + tolerance, 1.0)
    wanted = f"{lowest:.1%} to {highest:.1%} is asked for"
    coverage = comparison["model"]["overall"]["coverage"]
    if coverage is None:
        rows = comparison["model"]["overall"]["rows"]
        detail = f"interval coverage cannot be measured on {rows} test rows: {wanted}"
        return {"name": check, "passed": False, "detail": detail}
    passed = lowest <= coverage["value"] <= highest
    detail = f"intervals contain {coverage['value']:.1%} of the ring counts: {wanted}"
    return {"name": check, "passed": passed, "detail": detail}
