"""Whether the animals that are served differ from those that the model was trained on."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from abalone.model.traits import PREDICTED_RINGS, traits
from abalone.pipelines.monitoring.findings import Finding, holm
from abalone.pipelines.monitoring.joint import joint_finding
from abalone.pipelines.monitoring.known_animals import known_animals, known_traits
from abalone.pipelines.monitoring.marginal import number_findings, sex_finding
from abalone.pipelines.monitoring.naming import spoken
from abalone.pipelines.monitoring.stuck import stuck_findings
from abalone.pipelines.monitoring.units import unit_findings
from abalone.pipelines.monitoring.variation import beyond_new_site
from abalone.schema import MEASUREMENT_NAMES

_MOST_NAMED = 3


def detect_drift(
    window: pd.DataFrame, measured: pd.DataFrame, reference: Mapping[str, Any], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """Test a window for drift.

    Args:
        window: Served rows: sex, the seven numbers of the schema, predicted_rings; all finite.
        measured: The same with the rows that other models predicted: a measurement may be at fault in all of them.
        reference: `reference` of the artifact's metadata.
        parameters: `monitoring.drift`.

    Returns:
        `animals`: how many were tested for drift. `detected`: whether any test is beyond its limit; without drift that
        happens in `alpha` of all windows at most. `beyond_new_site`: whether the change is also more than a new site
        would explain, which is not asked where a measurement is at fault. `tests`: every test, as `findings.Finding`
        has it. `findings`: sentences, faults first.

    Raises:
        AbaloneError: The artifact is older than monitoring.
    """
    known, trained = known_animals(reference), known_traits(reference)
    # the same animal asked about again is no other animal
    animals = window.drop_duplicates(list(MEASUREMENT_NAMES))
    faults = _faults(measured.drop_duplicates(list(MEASUREMENT_NAMES)), known, trained, parameters)
    drifts, beyond, remarks = [], [], []
    found_faults = [finding.detail for finding in faults if finding.drifted]
    if len(animals) >= parameters["minimum_rows"]:
        served = _sampled_traits(animals, parameters)
        drifts = holm(
            [
                *number_findings(served, trained),
                sex_finding(animals["sex"], reference),
                joint_finding(served, trained, parameters["classifier"], parameters["random_state"]),
            ],
            parameters["alpha"],
        )
        # a faulty measurement tells nothing of the animals
        if not found_faults and any(finding.drifted for finding in drifts):
            beyond = beyond_new_site(served, reference, parameters["new_site_alpha"])
            remarks = [_extent(beyond)]
    elif len(animals):
        wanted = parameters["minimum_rows"]
        remarks = [f"{len(animals):,} animals are too few to tell whether they have drifted: it takes {wanted:,}"]
    ranked = sorted((finding for finding in drifts if finding.drifted), key=lambda finding: finding.p_value or 0.0)
    found = [*found_faults, *(finding.detail for finding in ranked)]
    return {
        "animals": len(animals),
        "detected": bool(found),
        "beyond_new_site": bool(beyond),
        "tests": [finding.to_json() for finding in [*drifts, *faults]],
        "findings": [*found, *remarks],
    }


def _faults(
    measured: pd.DataFrame, known: pd.DataFrame, trained: pd.DataFrame, parameters: Mapping[str, Any]
) -> list[Finding]:
    if len(measured) < parameters["minimum_rows"]:
        return []
    stuck = stuck_findings(measured, known, parameters["stuck"])
    # one value for all animals goes with the other measurements of few
    is_stuck = [finding.name for finding in stuck if finding.drifted]
    changing = _sampled_traits(measured, parameters).drop(columns=is_stuck)
    return [*stuck, *unit_findings(changing, trained, parameters["unit"])]


def _sampled_traits(animals: pd.DataFrame, parameters: Mapping[str, Any]) -> pd.DataFrame:
    rows = min(len(animals), parameters["maximum_rows"])
    sampled = animals.sample(rows, random_state=parameters["random_state"])
    return traits(sampled, sampled[PREDICTED_RINGS])


def _extent(beyond: list[str]) -> str:
    if not beyond:
        return "the change is no more than collection sites differ among themselves"
    return f"the change is more than a new site explains, most in {', '.join(map(spoken, beyond[:_MOST_NAMED]))}"
