"""The least service on Litestar: a validated row in, a typed answer out."""

from typing import Annotated, Literal

from litestar import Litestar, post
from msgspec import Meta, Struct

Length = Annotated[float, Meta(gt=0, le=1.25)]
Weight = Annotated[float, Meta(gt=0, le=10)]


class Measurement(Struct):
    """A row."""

    sex: Literal["M", "F", "I"]
    length: Length
    diameter: Length
    height: Length
    whole_weight: Weight
    shucked_weight: Weight
    viscera_weight: Weight
    shell_weight: Weight


class Prediction(Struct):
    """What is said of a row."""

    rings: float
    lower_rings: float
    upper_rings: float
    age_years: float
    warnings: list[str]


class Answer(Struct):
    """Predictions, and what made them."""

    inference_id: str
    model_version: str
    predictions: list[Prediction]


@post("/constant", status_code=200)
async def constant() -> dict[str, str]:
    """Answer every request in the same way."""
    return {"status": "ok"}


@post("/typed", status_code=200)
async def typed(data: list[Measurement]) -> Answer:
    """Answer rows with a made-up prediction of each."""
    return Answer(
        inference_id="0123456789abcdef",
        model_version="2026-01-01",
        predictions=[
            Prediction(rings=row.length, lower_rings=row.height, upper_rings=row.diameter, age_years=1.5, warnings=[])
            for row in data
        ],
    )


app = Litestar(route_handlers=[constant, typed])
