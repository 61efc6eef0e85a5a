"""The model as it is served: rows in, outcomes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import add

import numpy as np
from numpy.typing import NDArray

from abalone.model.artifact import Artifact, ArtifactError
from abalone.schema import NUMBER_NAMES, RINGS, SEX
from abalone.serving.formats import Batch
from abalone.serving.formats.batch import check_problem_count
from abalone.serving.messages import Outcome, Prediction, Problem, Rejection
from abalone.serving.model_card import ModelCard, model_card
from abalone.serving.validation import TrainedRanges, errors_of, impossible_rows, unusual_rows, warnings_of

CHUNK_ROWS = 4096
"""Rows that are predicted at a time: as fast as more of them at once, with less memory."""


@dataclass(frozen=True, eq=False)
class ServedModel:
    """An artifact with what answering needs of its metadata.

    Attributes:
        artifact: The artifact.
        card: What is told about it.
        trained: What it was trained on.
        known_row: A row of the middle of the training data, and what the model predicted for it when it was loaded.
    """

    artifact: Artifact
    card: ModelCard
    trained: TrainedRanges
    known_row: tuple[NDArray[np.float64], float]

    @property
    def version(self) -> str:
        """The version of the model."""
        return self.card.version

    def is_healthy(self) -> bool:
        """Predict the known row again, and tell whether the answer is that of before."""
        numbers, rings = self.known_row
        return bool(self.artifact.predict_arrays(_KNOWN_SEX, numbers).rings[0] == rings)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the model says of rows, and the rules.

    Attributes:
        numbers: The rows, shape (rows, 7).
        predictions: One a row, without warnings.
        impossible: Rows that are no animal's, shape (rows,); None if there are none.
        unusual: Other rows that call for a warning, shape (rows,); None if there are none.
    """

    numbers: NDArray[np.float64]
    predictions: list[Prediction]
    impossible: NDArray[np.bool_] | None
    unusual: NDArray[np.bool_] | None

    def part(self, start: int, stop: int) -> "Evaluated":
        """Return some of the rows."""
        return Evaluated(
            self.numbers[start:stop],
            self.predictions[start:stop],
            _some(self.impossible, start, stop),
            _some(self.unusual, start, stop),
        )


_KNOWN_SEX = np.array([SEX.values[0]], dtype=object)


def served_model(artifact: Artifact) -> ServedModel:
    """Make an artifact ready to serve, and try it.

    Raises:
        ArtifactError: It does not predict.
        KeyError: Its metadata lacks what serving needs.
        ValidationError: Something in its metadata is not what it should be.
    """
    quantiles = [artifact.metadata["reference"]["numbers"][name]["quantiles"] for name in NUMBER_NAMES]
    lowest, middle, highest = (np.array([column[q] for column in quantiles]) for q in ("0.0", "0.5", "1.0"))
    rings, lower, upper = artifact.predict_arrays(_KNOWN_SEX, middle[np.newaxis])
    if not 0 <= lower[0] <= rings[0] <= upper[0] <= RINGS.maximum:
        raise ArtifactError(
            f"the artifact predicts {rings[0]} rings, {lower[0]} to {upper[0]}, for a typical animal: train it again"
        )
    return ServedModel(
        artifact, model_card(artifact), TrainedRanges(lowest, highest), (middle[np.newaxis], float(rings[0]))
    )


def evaluate(model: ServedModel, sexes: Sequence[str], numbers: Sequence[Sequence[float]]) -> Evaluated:
    """Predict rows and check them against the rules.

    Args:
        model: The model.
        sexes: One of `schema.SEX.values` a row, shape (rows,).
        numbers: In the order and the units of `schema.NUMBERS`, shape (rows, 7); NaN where a value could not be read.
    """
    array = np.array(numbers, dtype=np.float64)
    rings, lower, upper = (column.tolist() for column in _predicted(model, np.array(sexes, dtype=object), array))
    predictions = list(map(Prediction, rings, lower, upper, map(add, rings, repeat(model.card.years_beyond_rings))))
    if model.trained.have(array):
        return Evaluated(array, predictions, impossible=None, unusual=None)
    impossible = impossible_rows(array)
    unusual = unusual_rows(array, model.trained) & ~impossible
    return Evaluated(array, predictions, impossible if impossible.any() else None, unusual if unusual.any() else None)


def outcomes_of(model: ServedModel, batch: Batch, evaluated: Evaluated) -> tuple[list[Outcome], list[Problem]]:
    """Join what was read and what was predicted.

    Returns:
        The outcome of each row, and every problem with its row, in the order of the rows.

    Raises:
        RequestError: Next to nothing is right.
    """
    outcomes: list[Outcome] = list(evaluated.predictions)
    problems: list[Problem] = []
    if evaluated.unusual is not None:
        for index in np.flatnonzero(evaluated.unusual).tolist():
            evaluated.predictions[index].warnings = warnings_of(evaluated.numbers[index], model.trained)
    if batch.problems or evaluated.impossible is not None:
        by_row: dict[int, list[Problem]] = {}
        for problem in batch.problems:
            by_row.setdefault(problem.row or 0, []).append(problem)
        impossible = [] if evaluated.impossible is None else (np.flatnonzero(evaluated.impossible) + 1).tolist()
        for row in sorted({*by_row, *impossible}):
            found = [*by_row.get(row, []), *errors_of(row, evaluated.numbers[row - 1])]
            outcomes[row - 1] = Rejection([Problem(each.code, each.message, each.column) for each in found])
            problems.extend(found)
            check_problem_count(len(problems))
    return outcomes, problems


def _predicted(
    model: ServedModel, sexes: NDArray[np.object_], numbers: NDArray[np.float64]
) -> Sequence[NDArray[np.float64]]:
    if len(sexes) <= CHUNK_ROWS:
        return model.artifact.predict_arrays(sexes, numbers)
    starts = range(0, len(sexes), CHUNK_ROWS)
    chunks = [
        model.artifact.predict_arrays(sexes[start : start + CHUNK_ROWS], numbers[start : start + CHUNK_ROWS])
        for start in starts
    ]
    return [np.concatenate(column) for column in zip(*chunks, strict=True)]


def _some(rows: NDArray[np.bool_] | None, start: int, stop: int) -> NDArray[np.bool_] | None:
    if rows is None:
        return None
    part = rows[start:stop]
    return part if part.any() else None
