"""The monitoring report as one HTML file that needs nothing beside it."""

import base64
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from abalone.pipelines.monitoring import wording
from abalone.pipelines.monitoring.figures.course import draw_course
from abalone.pipelines.monitoring.figures.distributions import draw_distributions
from abalone.pipelines.monitoring.known_animals import known_animals

DOTS_PER_INCH = 110
SHOWN_WINDOWS, SHOWN_REASONS = 12, 4
_FEWEST_WINDOWS = 2  # that make a course

_WORDS = (
    wording.estimate,
    wording.evidence,
    wording.finding,
    wording.moment,
    wording.number,
    wording.sentence,
    wording.stretch,
    wording.what_is_tested,
)


def render_report(
    monitoring_report: Mapping[str, Any],
    served_rows: pd.DataFrame,
    reference: Mapping[str, Any],
    history: pd.DataFrame,
) -> str:
    """Render what was found in a window, for a biologist.

    Args:
        monitoring_report: What was found and decided.
        served_rows: The rows of the window: sex, the numbers of the schema and predicted_rings.
        reference: Of the model: a `sample` of the training table as CSV, and the shares of the sexes.
        history: A line a window, in their order: to, model_version, rows, labelled_rows, rmse, interval_coverage,
            decision.

    Returns:
        HTML without script or any external reference.
    """
    counts, drift = monitoring_report["counts"], monitoring_report["drift"]
    windows = history.assign(
        to=pd.to_datetime(history["to"], utc=True, errors="coerce", format="ISO8601"),
        **{name: pd.to_numeric(history[name]) for name in ("rows", "labelled_rows", "rmse", "interval_coverage")},
    )
    found = {test["detail"] for test in drift["tests"]}
    return (
        _environment()
        .get_template("monitoring.html.j2")
        .render(
            report=monitoring_report,
            headline=wording.headline(monitoring_report),
            headlines=wording.HEADLINES,
            shown_reasons=SHOWN_REASONS,
            read={words: counts[name] for name, words in wording.READ.items()},
            left_out={words: counts[name] for name, words in wording.LEFT_OUT.items() if counts.get(name)},
            tests=sorted(drift["tests"], key=lambda test: not test["drifted"]),
            extent=[finding for finding in drift["findings"] if finding not in found],
            windows=windows.tail(SHOWN_WINDOWS).iloc[::-1].to_dict("records"),
            distributions=_distributions(monitoring_report, served_rows, reference),
            course=_course(monitoring_report, windows),
        )
    )


def _environment() -> Environment:
    # The document around it is that of the model card.
    packages = ("abalone.pipelines.monitoring", "abalone.pipelines.evaluation")
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {word.__name__: word for word in _WORDS}
    return environment


def _distributions(report: Mapping[str, Any], served_rows: pd.DataFrame, reference: Mapping[str, Any]) -> str | None:
    if served_rows.empty:
        return None
    drifted = {test["name"] for test in report["drift"]["tests"] if test["drifted"]}
    return _image(draw_distributions(served_rows, known_animals(reference), reference["sex"], drifted))


def _course(report: Mapping[str, Any], windows: pd.DataFrame) -> str | None:
    # one model, one promise; and nothing from after the window
    of_model = windows["model_version"].astype(str) == report["model"]["version"]
    until = pd.to_datetime(report["window"]["to"], utc=True)
    measured = windows[windows["rmse"].notna() & (windows["to"] <= until) & of_model]
    return None if len(measured) < _FEWEST_WINDOWS else _image(draw_course(measured, report["performance"]))


def _image(figure: Figure) -> str:
    """The figure as an address that holds its PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
