"""What the parameters of `conf/` and of `--params` may be: a mistyped name or value ends a run before it begins."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from abalone.errors import AbaloneError

Fraction = Annotated[float, Field(gt=0, lt=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Folds = Annotated[int, Field(ge=2)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
Positive = Annotated[float, Field(gt=0)]
Fold = Annotated[float, Field(gt=1)]
Hours = Annotated[float, Field(gt=0, le=876_600)]  # a century: more leads out of the calendar
Bands = Annotated[list[int], Field(min_length=1)]
Hyperparameters = dict[str, Any]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Collection(_Section):
    url: str
    sha256: str
    batch: str
    timeout_seconds: Positive
    add_header: bool


class _Ingestion(_Section):
    engine: Literal["pandas", "glue"]
    max_quarantined_fraction: Share
    parts_tolerance: Annotated[float, Field(ge=0)]
    maximum_line_bytes: Count


class _FeatureEngineering(_Section):
    test_fraction: Fraction
    random_state: Seed
    held_out_rows: Count
    minimum_rows: Count
    ring_bands: Bands
    maximum_standard_errors: Positive


class _CrossValidation(_Section):
    folds: Folds
    blocks: Folds


class _Intervals(_Section):
    level: Fraction
    folds: Folds
    hyperparameters: Hyperparameters


class _Training(_Section):
    random_state: Seed
    select_by: Literal["random", "new_site"]
    cross_validation: _CrossValidation
    candidates: Annotated[dict[str, Hyperparameters], Field(min_length=1)]
    intervals: _Intervals


class _Bootstrap(_Section):
    resamples: Count
    confidence: Fraction
    minimum_rows: Count
    maximum_units: Count
    random_state: Seed


class _Gate(_Section):
    confidence: Annotated[float, Field(ge=0.5, lt=1)]
    new_site_tolerance: Share
    coverage_tolerance: Fraction


class _Explanations(_Section):
    shuffles: Count
    importance_rows: Count
    dependence_points: Folds
    dependence_rows: Count
    dependence_range: Fraction
    random_state: Seed


class _Figures(_Section):
    points: Count
    coverage_bins: Count
    random_state: Seed


class _Evaluation(_Section):
    baselines: Annotated[list[str], Field(min_length=1)]
    age_bands: Bands
    bootstrap: _Bootstrap
    gate: _Gate
    explanations: _Explanations
    figures: _Figures


class _Confirmation(_Section):
    folds: Folds
    random_state: Seed


class _Tuning(_Section):
    random_state: Seed
    storage: str
    n_trials: Count
    timeout_seconds: Positive
    confirmation: _Confirmation
    search_space: dict[str, dict[str, Hyperparameters]]


class _Window(_Section):
    hours: Hours | None
    label_hours: Hours | None
    until: str | None


class _Decision(_Section):
    minimum_labels: Count


class _Health(_Section):
    minimum_count: Count
    maximum_warned_share: Share
    maximum_refused_share: Share
    maximum_unreadable_share: Share
    maximum_gap_hours: Positive


class _Stuck(_Section):
    excess_share: Fraction
    p_value: Fraction


class _Unit(_Section):
    fold: Fold
    excess_share: Fraction
    minimum_count: Count
    p_value: Fraction
    tolerance: Fold


class _Drift(_Section):
    alpha: Fraction
    new_site_alpha: Fraction
    minimum_rows: Count
    maximum_rows: Count
    random_state: Seed
    classifier: Hyperparameters
    stuck: _Stuck
    unit: _Unit


class _Resampling(_Section):
    resamples: Count
    maximum_units: Count
    random_state: Seed


class _Performance(_Section):
    error_alpha: Fraction
    bias_alpha: Fraction
    coverage_alpha: Fraction
    relevant_growth: Share
    relevant_coverage_loss: Share
    confidence: Fraction
    bootstrap: _Resampling


class _Monitoring(_Section):
    endpoint: str | None
    window: _Window
    decision: _Decision
    health: _Health
    drift: _Drift
    performance: _Performance


class _Feedback(_Section):
    endpoint: str | None
    land_alarmed: bool


class _Parameters(_Section):
    collection: _Collection
    ingestion: _Ingestion
    feature_engineering: _FeatureEngineering
    training: _Training
    evaluation: _Evaluation
    tuning: _Tuning
    monitoring: _Monitoring
    feedback: _Feedback


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Check the parameters of all pipelines.

    Args:
        parameters: As Kedro merges them: `conf/base`, the environment, `--params`.

    Raises:
        AbaloneError: A name is unknown or missing, or a value is not of its kind or range. Every fault is named.
    """
    try:
        _Parameters.model_validate(dict(parameters))
    except ValidationError as error:
        faults = "; ".join(_told(fault["loc"], fault) for fault in error.errors())
        raise AbaloneError(
            f"parameters: {faults}. Mend conf/base/parameters_<pipeline>.yml, or the --params of the command"
        ) from None


def _told(location: tuple[int | str, ...], fault: Any) -> str:
    name = ".".join(map(str, location))
    if fault["type"] == "extra_forbidden":
        return f"{name} is not the name of a parameter"
    if fault["type"] == "missing":
        return f"{name} is missing"
    if fault["type"] in {"model_type", "dict_type"}:
        return f"{name} = {fault['input']!r}: it is a group, so name what is in it, as in {name}.<parameter>"
    return f"{name} = {fault['input']!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}"
