import io

import pytest
from rich.console import Console

from abalone import summary
from abalone.model.artifact import Artifact


def metric(value: float) -> dict[str, float]:
    return {"value": value, "lower": value - 0.1, "upper": value + 0.1}


def overall(rmse: float) -> dict[str, object]:
    return {
        "confidence": 0.95,
        "overall": {
            "rows": 819,
            "rmse": metric(rmse),
            "mae": metric(1.4),
            "r2": metric(0.55),
            "within_one_ring": metric(0.48),
            "coverage": metric(0.9),
            "mean_width": metric(6.0),
        },
    }


@pytest.fixture
def reports() -> dict[str, object]:
    return {
        "ingestion_report": {
            "rows_in": 4177,
            "accepted": 4169,
            "quarantined": 8,
            "duplicates": 0,
            "refused_batches": {},
        },
        "model": Artifact(
            b"",
            b"",
            {
                "training_data": {"rows": 3350},
                "cross_validation": {"random": {"rmse": 2.06}, "new_site": {"rmse": 2.12}},
            },
        ),
        "comparison": {"model": overall(1.99), "baselines": {"linear": overall(2.17)}, "champion": None, "against": {}},
        "gate": {"passed": True, "reasons": ["better than the baseline 'linear'"]},
    }


def shown(reports: dict[str, object]) -> str:
    places = {
        "model_card_html": "data/08_reporting/model_card.html",
        "quarantine_report": "data/08_reporting/quarantine.csv",
        "predicted_vs_actual_figure": "data/08_reporting/figures/predicted_vs_actual.png",
    }
    console = Console(file=io.StringIO(), width=120, soft_wrap=True)
    summary.show(reports, places, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_every_row_is_accounted_for(reports: dict[str, object]) -> None:
    assert "4,177 in = 4,169 accepted + 8 quarantined + 0 duplicates" in shown(reports)


def test_report_of_other_rows_than_the_tables_hold_is_not_taken_for_theirs(reports: dict[str, object]) -> None:
    reports["ingestion_report"]["accepted"] = 2999  # type: ignore[index]

    text = shown(reports)

    assert "4,169 in the tables that were read; the ingestion report is of others, with 2,999: run all" in text
    assert "4,177 in" not in text


def test_refused_batch_is_told_with_its_reason(reports: dict[str, object]) -> None:
    reports["ingestion_report"]["refused_batches"] = {"north": "its delimiter is ';'"}  # type: ignore[index]

    assert "- batch north was refused: its delimiter is ';'" in shown(reports)


def test_model_stands_beside_its_baselines(reports: dict[str, object]) -> None:
    lines = shown(reports).splitlines()

    (model,) = [line for line in lines if line.startswith("  model")]
    (linear,) = [line for line in lines if line.startswith("  linear")]
    assert "1.990 (1.89 to 2.09) rings" in model
    assert "2.170" in linear
    assert not [line for line in lines if line.startswith("  champion")]


def test_champion_is_shown_when_there_is_one(reports: dict[str, object]) -> None:
    reports["comparison"]["champion"] = overall(2.01)  # type: ignore[index]

    assert "2.010" in shown(reports)


def test_champion_that_is_scored_on_fewer_rows_says_so(reports: dict[str, object]) -> None:
    champion = overall(2.01)
    champion["overall"]["rows"] = 161  # type: ignore[index]
    reports["comparison"]["champion"] = champion  # type: ignore[index]

    assert "  champion, on 161" in shown(reports)


def test_gate_says_why_it_decided(reports: dict[str, object]) -> None:
    assert "passed: the model is now the champion\n           - better than the baseline 'linear'\n" in shown(reports)

    reports["comparison"]["against"]["champion"] = {"itself": True}  # type: ignore[index]
    assert "passed: the champion stays\n" in shown(reports)

    reports["gate"] = {"passed": False, "reasons": ["no better than the champion"]}
    assert "not passed\n           - no better than the champion\n" in shown(reports)


def test_places_are_named(reports: dict[str, object]) -> None:
    text = shown(reports)

    assert "data/08_reporting/model_card.html" in text
    assert "data/08_reporting/figures\n" in text
    assert "data/08_reporting/quarantine.csv" in text


def test_stratum_that_is_too_small_is_told(reports: dict[str, object]) -> None:
    empty = dict.fromkeys(("rmse", "mae", "r2", "within_one_ring", "coverage", "mean_width"))
    reports["comparison"]["model"] = {"confidence": 0.95, "overall": {"rows": 3, **empty}}  # type: ignore[index]

    assert shown(reports).count("too few rows to say") == 2


def test_text_in_brackets_is_not_taken_for_a_style(reports: dict[str, object]) -> None:
    reports["comparison"]["against"]["champion"] = {"itself": True}  # type: ignore[index]
    assert "passed: the champion stays\n" in shown(reports)

    reports["gate"] = {"passed": False, "reasons": ["batch [red] is odd"]}

    assert "batch [red] is odd" in shown(reports)
