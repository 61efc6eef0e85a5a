"""Whether the model may take the champion's place: because it is better, or because the champion breaks its promise."""

from collections.abc import Mapping
from typing import Any

from abalone.pipelines.evaluation.check import Check
from abalone.pipelines.evaluation.promise import broken

BEATS_CHAMPION = "beats_champion"


def check_succession(against: Mapping[str, Any] | None, test_rows: int, parameters: Mapping[str, Any]) -> list[Check]:
    """Check the model against the champion.

    Args:
        against: What the comparison says of the two; None without a champion.
        test_rows: Number of all test rows.
        parameters: `evaluation.gate`.

    Returns:
        The conditions under which the model takes over.
    """
    if against is None:
        return [_check(BEATS_CHAMPION, passed=True, detail="no champion yet: nothing to beat")]
    if "itself" in against:
        return [_check(BEATS_CHAMPION, passed=True, detail="the model is the same as the champion, which stays")]
    if "incomparable" in against:
        return [_check(BEATS_CHAMPION, passed=False, detail=against["incomparable"])]
    every_row = against["rows"] == test_rows
    where = "" if every_row else f" on the {against['rows']} test rows that the champion has not learnt from"
    if replacement := _replaces_failing_champion(against, where, parameters["coverage_tolerance"]):
        return replacement
    if against["identical"]:
        detail = "no better than the champion: identical predictions, so the champion stays"
        return [_check(BEATS_CHAMPION, passed=False, detail=detail)]
    return [
        _beats_champion(against, where, parameters["confidence"]),
        _holds_at_new_site(against, parameters),
    ]


def errors(against: Mapping[str, Any]) -> str:
    """Name the RMSE of the model and of its rival in a part of a sentence."""
    return f"RMSE {against['model_rmse']:.3f} rings against {against['rival_rmse']:.3f} rings"


def _check(name: str, *, passed: bool, detail: str) -> Check:
    return {"name": name, "passed": passed, "detail": detail}


def _replaces_failing_champion(against: Mapping[str, Any], where: str, tolerance: float) -> list[Check]:
    """The conditions, all of which hold; or none, where the champion keeps its promise or the model is no remedy."""
    champion, model = (broken(against["promises"][side], tolerance) for side in ("champion", "model"))
    if not champion or model or against["squared_error_reduction"] < 0:
        return []
    promise = against["promises"]["model"]
    details = {
        "champion_breaks_promise": f"the champion breaks its promise: {'; '.join(champion)}",
        "keeps_promise": (
            f"the model keeps its own: RMSE {promise['rmse']:.3f} rings where it promised "
            f"{promise['promised_rmse']:.3f}, and {promise['coverage']:.1%} coverage"
        ),
        "no_worse_than_champion": f"no worse than the champion{where}: {errors(against)}",
    }
    return [_check(name, passed=True, detail=detail) for name, detail in details.items()]


def _beats_champion(against: Mapping[str, Any], where: str, confidence: float) -> Check:
    passed = against["lower_bound"] > 0
    verdict = "better than the champion" if passed else "not better than the champion by more than noise"
    detail = (
        f"{verdict}{where}: {errors(against)}; "
        f"mean squared error lower by {against['squared_error_reduction']:.3f}, "
        f"and with {100 * confidence:g}% confidence by more than {against['lower_bound']:.3f}"
    )
    return _check(BEATS_CHAMPION, passed=passed, detail=detail)


def _holds_at_new_site(against: Mapping[str, Any], parameters: Mapping[str, Any]) -> Check:
    new_site = against["new_site"]
    allowed = -parameters["new_site_tolerance"] * new_site["rival_mse"]
    passed = new_site["lower_bound"] > allowed
    verdict = "not worse at a new site by more than noise" if passed else "it may be worse at a new site"
    detail = (
        f"{verdict}: between {new_site['blocks']} stretches of the survey, mean squared error with "
        f"{100 * parameters['confidence']:g}% confidence lower by more than {new_site['lower_bound']:.3f} "
        f"(above {allowed:.3f} is asked for)"
    )
    return _check("holds_at_new_site", passed=passed, detail=detail)
