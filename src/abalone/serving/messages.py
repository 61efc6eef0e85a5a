"""What the service reads and answers, as typed messages; the OpenAPI document is derived from them."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from abalone.schema import MEASUREMENTS, YEARS_BEYOND_RINGS, Category, Number


def _field(column: Category | Number) -> tuple[str, object]:
    if isinstance(column, Category):
        return column.name, Annotated[Literal[column.values], msgspec.Meta(description=column.description)]
    return column.name, Annotated[
        float,
        msgspec.Meta(gt=column.above, le=column.maximum, description=f"{column.description}, in {column.unit}"),
    ]


Measurement = msgspec.defstruct(
    "Measurement",
    [_field(column) for column in MEASUREMENTS],
    namespace={"__doc__": "What was measured on one animal; other keys are ignored."},
    gc=False,
)
"""A row: its fields are `schema.MEASUREMENTS`, in their order."""


class Instances(msgspec.Struct, gc=False):
    """Rows in SageMaker's envelope."""

    instances: list[Measurement]  # type: ignore[valid-type]  # made of the schema when the module is loaded


class Problem(msgspec.Struct, gc=False, omit_defaults=True):
    """What is wrong, or unusual, with a row.

    Attributes:
        code: The kind of problem, for programs.
        message: The same for people, with the value and the limit.
        column: The column at fault; None when it is the row as a whole.
        row: Number of the row, from 1; None where the place in the answer says it.
    """

    code: str
    message: str
    column: str | None = None
    row: int | None = None


class Prediction(msgspec.Struct, gc=False):
    """The answer for one row.

    Attributes:
        rings: Predicted rings.
        lower_rings: Lower bound of the interval.
        upper_rings: Upper bound of the interval.
        age_years: Predicted age.
        warnings: What is unusual about the row.
    """

    rings: Annotated[float, msgspec.Meta(description="Predicted rings")]
    lower_rings: Annotated[float, msgspec.Meta(description="Lower bound of the interval, whose level is in /model")]
    upper_rings: Annotated[float, msgspec.Meta(description="Upper bound of the interval")]
    age_years: Annotated[float, msgspec.Meta(description=f"Predicted age: rings + {YEARS_BEYOND_RINGS}")]
    warnings: Annotated[
        list[Problem], msgspec.Meta(description="Values that the model has not been trained on, or can hardly be")
    ] = []


class Rejection(msgspec.Struct, gc=False):
    """The answer for a row that cannot be predicted, where the caller asked for a report.

    Attributes:
        errors: What is wrong with the row.
    """

    errors: list[Problem]


Outcome: TypeAlias = Prediction | Rejection
"""What becomes of a row."""


class Answer(msgspec.Struct, gc=False):
    """The answer to a request, one element a row.

    Attributes:
        inference_id: What feedback on these predictions refers to.
        model_version: Version of the model that predicted.
        predictions: In the order of the rows.
    """

    inference_id: str
    model_version: str
    predictions: list[Outcome]


class Fault(msgspec.Struct):
    """Why a request was refused.

    Attributes:
        code: The kind of fault, for programs.
        message: The same for people, with the remedy.
        problems: The rows at fault, at most 100.
        problem_count: How many problems there are.
    """

    code: str
    message: str
    problems: list[Problem] = []
    problem_count: int = 0


class FaultAnswer(msgspec.Struct, omit_defaults=True):
    """The body of every answer with a status of 400 or more.

    Attributes:
        error: Why the request was refused.
        request_id: What the log calls the request.
        message: The fault's message again, where boto3 looks for it; for requests to SageMaker's own path alone.
    """

    error: Fault
    request_id: str
    message: str = ""
