"""What monitoring found in a window, and the animals that it looked at."""

from typing import Any

import pandas as pd

from abalone.pipelines.monitoring.history import COLUMNS
from abalone.schema import NUMBER_NAMES, SEX
from support.training import SURVEY

REPORT: dict[str, Any] = {
    "generated": "2026-10-08T06:00:12+00:00",
    "endpoint": None,
    "window": {"from": "2026-10-01T00:00:00Z", "to": "2026-10-08T00:00:00Z", "rows": 600, "is_latest": True}
    | {"labels_from": "2026-07-10T00:00:00Z"},
    "model": {"version": "2026-09-01T08.00.00.000Z", "digest": "0123456789abcdef" * 4},
    "counts": {
        **{"files": 140, "lines": 420, "events": 410, "rows": 600, "refused_rows": 3, "duplicate_events": 10},
        **{"truncated_lines": 1, "unreadable_lines": 0, "foreign_version_rows": 0, "labels": 220},
        **{"duplicate_labels": 0, "labelled_rows": 200, "unmatched_labels": 20},
    },
    "drift": {
        "animals": 500,
        "detected": True,
        "beyond_new_site": True,
        "tests": [
            {
                "name": "log_shell_to_whole",
                "kind": "ratio",
                "statistic": 0.02,
                "p_value": 0.4,
                "threshold": 0.01,
                "drifted": False,
                "detail": "shell weight / whole weight: as in training on average",
            },
            {
                "name": "length",
                "kind": "measurement",
                "statistic": 0.31,
                "p_value": 1e-12,
                "threshold": 0.01,
                "drifted": True,
                "detail": "length: larger than in training by 10.5 mm on average (115 mm against 105 mm)",
            },
            {
                "name": "height",
                "kind": "stuck",
                "statistic": 0.01,
                "p_value": None,
                "threshold": 0.2,
                "drifted": False,
                "detail": "height: 30 mm in 6 of 600 rows",
            },
        ],
        "findings": [
            "length: larger than in training by 10.5 mm on average (115 mm against 105 mm)",
            "the change is more than a new site explains, most in length",
        ],
    },
    "performance": {
        "rows": 200,
        "rmse": {"value": 2.512, "lower": 2.3, "upper": 2.7},
        "promised_rmse": 2.114,
        "bias": {"value": -0.3, "lower": -0.5, "upper": -0.1},
        "error_ratio": {"value": 1.19, "lower": 1.09, "upper": 1.3},
        "worse": True,
        "coverage": {"value": 0.87, "lower": 0.82, "upper": 0.91, "p_value": 0.09},
        "promised_coverage": 0.9,
        "coverage_low": False,
    },
    "site": {"new_site": False, "detail": "the animals differ more than those of a new site would"},
    "health": {"ok": True, "findings": [], "warned_rows": 2},
    "decision": "retrain",
    "reasons": [
        "the error is 2.51 rings on 200 labelled rows, 2.11 were promised: 1.19 times what their intervals say",
        "the measurements have drifted beyond what a new site explains",
    ],
}


def model_reference() -> dict[str, Any]:
    """What the report reads of the model's reference."""
    rows = _survey()
    return {
        "sample": rows[[SEX.name, *NUMBER_NAMES, "predicted_rings"]].iloc[::2].to_csv(index=False),
        "sex": rows[SEX.name].value_counts(normalize=True).to_dict(),
        **{"rows": len(rows), "blocks": {}, "errors": {}},
    }


def longer_animals() -> pd.DataFrame:
    """Rows that were asked about, a tenth too long."""
    return _survey().iloc[1:1200:2].assign(length=lambda rows: rows["length"] * 1.1)


def _survey() -> pd.DataFrame:
    rows = pd.read_csv(SURVEY)
    return rows.assign(predicted_rings=rows["rings"] + 0.3)


def windows(*lines: dict[str, Any]) -> pd.DataFrame:
    """A history, as the pipeline keeps it."""
    usual = {
        "from": "",
        "model_version": "2026-09-01T08.00.00.000Z",
        "rows": 600,
        "labelled_rows": 200,
        "detected": False,
        "decision": "ok",
    }
    return pd.DataFrame([usual | line for line in lines], columns=list(COLUMNS)).astype(object)


HISTORY = windows(
    {"to": "2026-09-24T00:00:00Z", "rmse": 2.1, "interval_coverage": 0.91},
    {"to": "2026-10-01T00:00:00Z", "labelled_rows": 0, "decision": "watch"},
    {"to": "2026-10-08T00:00:00Z", "rmse": 2.512, "interval_coverage": 0.87, "decision": "retrain"},
)
