"""What GET /model tells: the model card in numbers, from the metadata of the artifact."""

from typing import Any

from pydantic import BaseModel

from abalone.model.artifact import Artifact
from abalone.schema import GRAMS_PER_UNIT, MILLIMETRES_PER_UNIT, NUMBERS, SEX, Number


class Metrics(BaseModel):
    """Accuracy in cross-validation, in rings."""

    rmse: float
    rmse_standard_error: float
    mae: float
    r2: float
    rows: int
    folds: int


class TrainingData(BaseModel):
    """What the model was trained on."""

    rows: int
    sha256: str
    batches: dict[str, int]


class Units(BaseModel):
    """What a value of 1 is in millimetres, and in grams."""

    millimetres_per_unit: float = MILLIMETRES_PER_UNIT
    grams_per_unit: float = GRAMS_PER_UNIT


class CategoryInput(BaseModel):
    """A column that holds one of a few values."""

    name: str
    description: str
    values: tuple[str, ...]


class NumberInput(BaseModel):
    """A numeric column: its limits, and where the training data lies; `typical` is from their 5 % to their 95 %."""

    name: str
    description: str
    unit: str
    above: float
    maximum: float
    training_minimum: float
    training_maximum: float
    typical_low: float
    typical_high: float


class RingsDistribution(BaseModel):
    """Histogram of the known ring counts: the edges are minimum, inner_edges, maximum; the shares add up to 1."""

    minimum: float
    inner_edges: list[float]
    maximum: float
    shares: list[float]


class ModelCard(BaseModel):
    """The model in service."""

    name: str
    version: str
    digest: str
    created_at: str
    git_commit: str | None
    metrics: dict[str, Metrics]
    training_data: TrainingData
    interval_level: float
    years_beyond_rings: float
    units: Units
    inputs: list[CategoryInput | NumberInput]
    rings: RingsDistribution


def model_card(artifact: Artifact) -> ModelCard:
    """Describe a model; its version is the beginning of its digest where it has none.

    Raises:
        KeyError: The metadata lacks something.
        ValidationError: Something in the metadata is not what it should be.
    """
    metadata = artifact.metadata
    reference = metadata["reference"]["numbers"]
    rings = reference["rings"]
    return ModelCard(
        name=metadata["name"],
        version=artifact.version or artifact.digest[:12],
        digest=artifact.digest,
        created_at=metadata["created_at"],
        git_commit=metadata["code"].get("git_commit"),
        metrics=metadata["cross_validation"],
        training_data=metadata["training_data"],
        interval_level=metadata["intervals"]["level"],
        years_beyond_rings=metadata["years_beyond_rings"],
        units=Units(),
        inputs=[
            CategoryInput(name=SEX.name, description=SEX.description, values=SEX.values),
            *(_number_input(column, reference[column.name]["quantiles"]) for column in NUMBERS),
        ],
        rings=RingsDistribution(
            minimum=rings["quantiles"]["0.0"],
            maximum=rings["quantiles"]["1.0"],
            inner_edges=rings["histogram"]["inner_edges"],
            shares=rings["histogram"]["shares"],
        ),
    )


def _number_input(column: Number, quantiles: dict[str, Any]) -> NumberInput:
    return NumberInput(
        name=column.name,
        description=column.description,
        unit=column.unit,
        above=column.above,
        maximum=column.maximum,
        training_minimum=quantiles["0.0"],
        training_maximum=quantiles["1.0"],
        typical_low=quantiles["0.05"],
        typical_high=quantiles["0.95"],
    )
