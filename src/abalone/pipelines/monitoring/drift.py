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


def detect_drift(window: pd.DataFrame, reference: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Test a window for drift.

    Args:
        window: Served rows: sex, the seven numbers of the schema, predicted_rings; all finite.
        reference: `reference` of the artifact's metadata.
        parameters: `monitoring.drift`.

    Returns:
        `detected`: whether any test is beyond its limit; without drift that happens in `alpha` of all windows at most.
        `beyond_new_site`: whether the change is also more than a new site would explain. `tests`: every test, as
        `findings.Finding` has it. `findings`: sentences, faults of a measurement first.

    Raises:
        AbaloneError: The artifact is older than monitoring.
    """
    known, trained = known_animals(reference), known_traits(reference)
    # the same animal asked about again is no other animal
    window = window.drop_duplicates(list(MEASUREMENT_NAMES))
    if len(window) < parameters["minimum_rows"]:
        wanted = parameters["minimum_rows"]
        few = f"{len(window):,} animals are too few to tell whether they have drifted: it takes {wanted:,}"
        return {"detected": False, "beyond_new_site": False, "tests": [], "findings": [few]}
    random_state = parameters["random_state"]
    tested = window.sample(min(len(window), parameters["maximum_rows"]), random_state=random_state)
    served = traits(tested, tested[PREDICTED_RINGS])
    faults = [
        *stuck_findings(window, known, parameters["stuck"]),
        *unit_findings(served, trained, parameters["unit"]),
    ]
    drifts = holm(
        [
            *number_findings(served, trained),
            sex_finding(window["sex"], reference),
            joint_finding(served, trained, parameters["classifier"], random_state),
        ],
        parameters["alpha"],
    )
    detected = any(finding.drifted for finding in [*faults, *drifts])
    beyond = beyond_new_site(served, reference, parameters["new_site_alpha"]) if detected else []
    return {
        "detected": detected,
        "beyond_new_site": bool(beyond),
        "tests": [finding.to_json() for finding in [*drifts, *faults]],
        "findings": _sentences(faults, drifts, beyond) if detected else [],
    }


def _sentences(faults: list[Finding], drifts: list[Finding], beyond: list[str]) -> list[str]:
    ranked = sorted((finding for finding in drifts if finding.drifted), key=lambda finding: finding.p_value or 0.0)
    drifted = [finding.detail for finding in ranked]
    if beyond:
        named = ", ".join(map(spoken, beyond[:_MOST_NAMED]))
        extent = f"more than a new site explains, most in {named}"
    else:
        extent = "no more than collection sites differ among themselves"
    return [*(fault.detail for fault in faults if fault.drifted), *drifted, f"the change is {extent}"]
