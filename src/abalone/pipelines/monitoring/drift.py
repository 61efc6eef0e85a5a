"""Whether the animals that are served differ from those that the model was trained on."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from abalone.model.traits import PREDICTED_RINGS, traits
from abalone.pipelines.monitoring.findings import holm
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
        `beyond_new_site`: whether the change is also more than a new site would explain, which is not asked where a
        measurement is at fault. `tests`: every test, as `findings.Finding` has it. `findings`: sentences, faults first.

    Raises:
        AbaloneError: The artifact is older than monitoring.
    """
    known, trained = known_animals(reference), known_traits(reference)
    # the same animal asked about again is no other animal
    window = window.drop_duplicates(list(MEASUREMENT_NAMES))
    if len(window) < parameters["minimum_rows"]:
        wanted = parameters["minimum_rows"]
        few = f"{len(window):,} animals are too few to tell whether they have drifted: it takes {wanted:,}"
        return {"detected": False, "beyond_new_site": False, "tests": [], "findings": [few] if len(window) else []}
    random_state = parameters["random_state"]
    tested = window.sample(min(len(window), parameters["maximum_rows"]), random_state=random_state)
    served = traits(tested, tested[PREDICTED_RINGS])
    stuck = stuck_findings(window, known, parameters["stuck"])
    # one value for all animals goes with the other measurements of few
    changing = served.drop(columns=[finding.name for finding in stuck if finding.drifted])
    faults = [*stuck, *unit_findings(changing, trained, parameters["unit"])]
    drifts = holm(
        [
            *number_findings(served, trained),
            sex_finding(window["sex"], reference),
            joint_finding(served, trained, parameters["classifier"], random_state),
        ],
        parameters["alpha"],
    )
    found_faults = [finding.detail for finding in faults if finding.drifted]
    ranked = sorted((finding for finding in drifts if finding.drifted), key=lambda finding: finding.p_value or 0.0)
    found = [*found_faults, *(finding.detail for finding in ranked)]
    # a faulty measurement tells nothing of the animals
    is_of_animals = bool(found) and not found_faults
    beyond = beyond_new_site(served, reference, parameters["new_site_alpha"]) if is_of_animals else []
    return {
        "detected": bool(found),
        "beyond_new_site": bool(beyond),
        "tests": [finding.to_json() for finding in [*drifts, *faults]],
        "findings": [*found, _extent(beyond)] if is_of_animals else found,
    }


def _extent(beyond: list[str]) -> str:
    if not beyond:
        return "the change is no more than collection sites differ among themselves"
    return f"the change is more than a new site explains, most in {', '.join(map(spoken, beyond[:_MOST_NAMED]))}"
