"""From raw measurements to the numbers that the estimators learn from.

One definition for training, the Glue job and the ONNX graph: the names and the formulae below are the same three.
Nothing but the measurements is read, so that no batch, line, index or order can ever become a feature: the hidden
variable of this data is the collection site, and a model that knows it is useless at the next one. Needs narwhals
alone, so that a Spark job can do without the libraries of training.
"""

from collections.abc import Iterator

import narwhals as nw
from narwhals.typing import IntoFrameT

from abalone.schema import NUMBER_NAMES, PLAUSIBLE_HEIGHT_MAXIMUM, SEX

HEIGHT_TO_DIAMETER = 0.3425
"""Typical height / diameter in the UCI data: what an impossible height is repaired with."""

SMALLEST = 0.0005
"""Resolution of the weighing in the survey (0.1 g): smaller values are raised to it, so that every logarithm exists."""

LOG_RATIOS: dict[str, tuple[str, tuple[str, ...]]] = {
    "log_shell_to_shucked": ("shell_weight", ("shucked_weight",)),
    "log_shell_to_whole": ("shell_weight", ("whole_weight",)),
    "log_shucked_to_whole": ("shucked_weight", ("whole_weight",)),
    "log_viscera_to_whole": ("viscera_weight", ("whole_weight",)),
    "log_density": ("whole_weight", ("length", "diameter", "height")),
    "log_shell_thickness": ("shell_weight", ("length", "diameter")),
    "log_diameter_to_length": ("diameter", ("length",)),
    "log_height_to_length": ("height", ("length",)),
}
"""Logarithm of the first column over the product of the others; a difference of logarithms that exist already."""

PART_WEIGHTS = ("shucked_weight", "viscera_weight", "shell_weight")
LOST_WEIGHT_SCALE = 20.0
"""Spreads out the weight lost in dissection, most of which is within ±0.05, before its logarithm."""

SEX_NAMES = tuple(f"sex_{value.lower()}" for value in SEX.values)
RAW_NAMES = (*SEX_NAMES, *NUMBER_NAMES)
FEATURE_NAMES = (
    *SEX_NAMES,
    *(f"log_{name}" for name in NUMBER_NAMES),
    *LOG_RATIOS,
    "signed_log_lost_weight",
)


def measurement_features(frame: IntoFrameT) -> IntoFrameT:
    """Compute the 19 features of a table of measurements, in float64.

    Args:
        frame: Any table that narwhals knows (pandas, pyarrow, polars, lazy Spark ...) with the columns of
            `schema.MEASUREMENT_NAMES` in the units of the schema; other columns are ignored.

    Returns:
        A table of the same kind with the columns FEATURE_NAMES and as many rows, in the same order.
    """
    number = {name: nw.col(name).cast(nw.Float64) for name in NUMBER_NAMES}
    height, diameter = number["height"], number["diameter"]
    impossible = (height <= 0) | (height > PLAUSIBLE_HEIGHT_MAXIMUM) | (height > diameter)
    repaired = number | {"height": nw.when(impossible).then(diameter * HEIGHT_TO_DIAMETER).otherwise(height)}
    lost = number["whole_weight"]
    for part in PART_WEIGHTS:
        lost = lost - number[part]
    magnitude = (lost.abs() * LOST_WEIGHT_SCALE + 1.0).log()
    log = {name: nw.col(f"log_{name}") for name in NUMBER_NAMES}
    given = nw.from_native(frame)  # type: ignore[type-var]  # eager and lazy alike
    logs_known = given.select(
        *_one_hot_sex(),
        *(value.clip(lower_bound=SMALLEST).log().alias(f"log_{name}") for name, value in repaired.items()),
        nw.when(lost < 0).then(magnitude * -1.0).otherwise(magnitude).alias("signed_log_lost_weight"),
    )
    ratios = (
        (log[over] - sum((log[name] for name in under[1:]), log[under[0]])).alias(name)
        for name, (over, under) in LOG_RATIOS.items()
    )
    return logs_known.with_columns(*ratios).select(*FEATURE_NAMES).to_native()


def raw_numbers(frame: IntoFrameT) -> IntoFrameT:
    """One-hot encode the sex and pass the seven numbers on unchanged, in float64: the columns RAW_NAMES."""
    given = nw.from_native(frame)  # type: ignore[type-var]  # eager and lazy alike
    return given.select(*_one_hot_sex(), *(nw.col(name).cast(nw.Float64) for name in NUMBER_NAMES)).to_native()


def _one_hot_sex() -> Iterator[nw.Expr]:
    is_value = ((nw.col(SEX.name) == value).cast(nw.Float64) for value in SEX.values)
    return (expression.alias(name) for expression, name in zip(is_value, SEX_NAMES, strict=True))
