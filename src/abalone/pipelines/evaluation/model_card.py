"""The model card in Markdown, for a biologist."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from abalone.model.artifact import Artifact
from abalone.model.cross_validation import NEW_SITE, RANDOM
from abalone.pipelines.evaluation.gate import Gate
from abalone.schema import GRAMS_PER_UNIT, MILLIMETRES_PER_UNIT, NUMBERS, SEX, YEARS_BEYOND_RINGS

TOO_FEW = "too few animals"
_SPECIAL = re.compile(r"([\\`*_\[\]<>|&~#])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def escape(value: object) -> object:
    """Escape what Markdown and HTML would read as markup; applied to every value that the template prints.

    Args:
        value: A value of the template.

    Returns:
        Text in one line, escaped; what is markup already, or no text, as it is.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return Markup(_SPECIAL.sub(r"\\\1", _CONTROL.sub(" ", value)))  # noqa: S704


def estimate(metric: Mapping[str, float] | None, form: str = "z.2f") -> str:
    """Write a metric with its confidence interval.

    Args:
        metric: `value`, `lower` and `upper`; None where there were too few rows.
        form: Format of the numbers.

    Returns:
        Such as `2.05 (1.93 to 2.17)`.
    """
    if metric is None:
        return TOO_FEW
    return f"{metric['value']:{form}} ({metric['lower']:{form}} to {metric['upper']:{form}})"


def render_markdown(
    model: Artifact,
    comparison: Mapping[str, Any],
    gate: Gate,
    cross_validation: pd.DataFrame,
    ingestion_report: Mapping[str, Any],
) -> str:
    """Write the model card.

    Args:
        model: The artifact.
        comparison: Scores of the model, its baselines and the champion.
        gate: The gate's decision.
        cross_validation: One row a candidate and protocol.
        ingestion_report: Counts of rows in, accepted, quarantined and dropped.

    Returns:
        Markdown, with the figures by their paths relative to the card.
    """
    return _template().render(
        model=model,
        comparison=comparison,
        scores=comparison["model"],
        gate=gate,
        ingestion=ingestion_report,
        level=model.metadata["intervals"]["level"],
        confidence=comparison["model"]["confidence"],
        protocols=_protocols(cross_validation, chosen=model.metadata["name"]),
        sexes=_sexes(),
        numbers=NUMBERS,
        millimetres=MILLIMETRES_PER_UNIT,
        grams=GRAMS_PER_UNIT,
        years_beyond_rings=YEARS_BEYOND_RINGS,
    )


def _template() -> Template:
    # `finalize` escapes for Markdown what `autoescape` would escape for HTML, and nothing is printed unescaped.
    environment = Environment(
        loader=PackageLoader("abalone.pipelines.evaluation"),
        autoescape=True,
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["estimate"] = estimate
    return environment.get_template("model_card.md.j2")


def _sexes() -> dict[str, str]:
    return dict(zip(SEX.values, ("male", "female", "infant"), strict=True))


def _protocols(cross_validation: pd.DataFrame, chosen: str) -> dict[str, Any]:
    """The table of both protocols, the best candidate first, and the chosen candidate's row."""
    figures = ["rmse", "rmse_standard_error", "mae"]
    wide = cross_validation.pivot_table(index="candidate", columns="protocol", values=figures)
    rows = [
        {
            "candidate": str(name),
            "random_rmse": row["rmse", RANDOM],
            "new_site_rmse": row["rmse", NEW_SITE],
            "random_error": row["rmse_standard_error", RANDOM],
            "new_site_error": row["rmse_standard_error", NEW_SITE],
            "random_mae": row["mae", RANDOM],
            "new_site_mae": row["mae", NEW_SITE],
        }
        for name, row in wide.sort_values(("rmse", RANDOM)).iterrows()
    ]
    return {"rows": rows, "chosen": next(row for row in rows if row["candidate"] == chosen)}
