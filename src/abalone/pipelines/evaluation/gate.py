"""The gate: whether the model may serve, decided from the comparison and said in sentences."""

from collections.abc import Mapping
from typing import Any, TypedDict


class Check(TypedDict):
    """One condition of the gate, with the figures that decided it."""

    name: str
    passed: bool
    detail: str


class Gate(TypedDict):
    """The gate's decision; `reasons` are the details of the checks that failed, or of all when none did."""

    passed: bool
    checks: list[Check]
    reasons: list[str]


def decide(comparison: Mapping[str, Any], parameters: Mapping[str, Any]) -> Gate:
    """Decide whether the model may serve.

    Args:
        comparison: What `compare_with_rivals` returns.
        parameters: `evaluation.gate`.

    Returns:
        The decision.
    """
    checks = [
        *(_beats_baseline(name, comparison) for name in comparison["baselines"]),
        _beats_champion(comparison, parameters["confidence"]),
        _coverage_in_range(comparison, parameters["coverage"]),
    ]
    failed = [check["detail"] for check in checks if not check["passed"]]
    return {
        "passed": not failed,
        "checks": checks,
        "reasons": failed or [check["detail"] for check in checks],
    }


def _rmse(scores: Mapping[str, Any]) -> str:
    """RMSE for a sentence; a test table too small for any interval has none."""
    rmse = scores["overall"]["rmse"]
    return "not measurable" if rmse is None else f"{rmse['value']:.3f} rings"


def _beats_baseline(name: str, comparison: Mapping[str, Any]) -> Check:
    passed = comparison["against"][name]["squared_error_reduction"] > 0
    ours, theirs = _rmse(comparison["model"]), _rmse(comparison["baselines"][name])
    verdict = "better than" if passed else "no better than"
    detail = f"{verdict} the baseline '{name}': RMSE {ours} against {theirs}"
    return {"name": f"beats_{name}", "passed": passed, "detail": detail}


def _beats_champion(comparison: Mapping[str, Any], confidence: float) -> Check:
    check = "beats_champion"
    if comparison["champion"] is None:
        return {"name": check, "passed": True, "detail": "no champion yet: nothing to beat"}
    against = comparison["against"]["champion"]
    if against["identical"]:
        detail = "no better than the champion: identical predictions, so the champion stays"
        return {"name": check, "passed": False, "detail": detail}
    passed = against["lower_bound"] > 0
    verdict = "better than the champion" if passed else "not better than the champion by more than noise"
    detail = (
        f"{verdict}: RMSE {_rmse(comparison['model'])} against {_rmse(comparison['champion'])}; "
        f"mean squared error lower by {against['squared_error_reduction']:.3f}, "
        f"and with {confidence:.0%} confidence by more than {against['lower_bound']:.3f}"
    )
    return {"name": check, "passed": passed, "detail": detail}


def _coverage_in_range(comparison: Mapping[str, Any], allowed: Mapping[str, float]) -> Check:
    check = "coverage_in_range"
    wanted = f"{allowed['minimum']:.1%} to {allowed['maximum']:.1%} is asked for"
    coverage = comparison["model"]["overall"]["coverage"]
    if coverage is None:
        rows = comparison["model"]["overall"]["rows"]
        detail = f"interval coverage cannot be measured on {rows} test rows: {wanted}"
        return {"name": check, "passed": False, "detail": detail}
    passed = allowed["minimum"] <= coverage["value"] <= allowed["maximum"]
    detail = f"intervals contain {coverage['value']:.1%} of the ring counts: {wanted}"
    return {"name": check, "passed": passed, "detail": detail}
