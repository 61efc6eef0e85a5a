"""Whether the animals come from a collection site that the model has not seen: the variable that nobody measures.

Sites differ in the ratios of the weights, and in how many rings an animal of given measurements has. The first shows in
the captures, the second in labels alone.
"""

from collections.abc import Mapping
from typing import Any

from abalone.model.reference import RESIDUAL
from abalone.pipelines.monitoring.known_animals import check_reference

_FAULTS = {"stuck", "unit"}
_MOST_NAMED = 2


def detect_new_site(
    drift: Mapping[str, Any], performance: Mapping[str, Any] | None, reference: Mapping[str, Any]
) -> dict[str, Any]:
    """Judge whether a new site explains what was found.

    Args:
        drift: What `detect_drift` returns.
        performance: What `measure_performance` returns.
        reference: `reference` of the artifact's metadata.

    Returns:
        `new_site`, and `detail`, a sentence.

    Raises:
        AbaloneError: The artifact is older than monitoring.
    """
    check_reference(reference)
    tests = drift["tests"]
    if any(test["drifted"] and test["kind"] in _FAULTS for test in tests):
        return {"new_site": False, "detail": "a measurement is at fault, so nothing is said about the site"}
    if drift["beyond_new_site"]:
        return {"new_site": False, "detail": "the animals differ more than those of a new site would"}
    drifted = sorted((test for test in tests if test["drifted"]), key=lambda test: test["p_value"])
    biased = performance is not None and _is_biased(**performance["bias"])
    if not biased and not tests:
        return {"new_site": False, "detail": "there are too few animals to tell"}
    if not biased and not drifted:
        return {"new_site": False, "detail": "the animals are like those of the sites in the training data"}
    seen = [test["detail"] for test in drifted[:_MOST_NAMED]]
    if biased and performance is not None:
        bias, usual = performance["bias"]["value"], reference["blocks"]["traits"][RESIDUAL]["between"]
        more = f"{abs(bias):.2f} rings {'more' if bias > 0 else 'fewer'}"
        seen.append(f"they have {more} than predicted, where sites differ by {usual:.2f} typically")
    return {"new_site": True, "detail": f"the animals seem to come from a new site: {'; '.join(seen)}"}


def _is_biased(value: float, lower: float, upper: float) -> bool:
    """Whether 0 is outside of the interval made twice as wide, which happens by chance once in 10,000 windows."""
    return 2.0 * lower - value > 0.0 or 2.0 * upper - value < 0.0
