"""The model as it is served."""

import copy
from dataclasses import replace

import numpy as np
import pytest

from abalone.model.artifact import Artifact, ArtifactError
from abalone.model.intervals import IntervalRegressor
from abalone.schema import NUMBER_NAMES, SEX
from abalone.serving.formats import Batch, Format, read
from abalone.serving.messages import Prediction, Rejection
from abalone.serving.prediction import CHUNK_ROWS, ServedModel, evaluate, outcomes_of, served_model
from support.training import SURVEY, survey_table


def test_answers_are_those_of_the_model_in_the_training_process(
    served: ServedModel, trained: tuple[IntervalRegressor, Artifact]
) -> None:
    table = survey_table()
    bounds = trained[0].predict_interval(table)

    batch = read(Format.CSV, SURVEY.read_bytes())
    predictions = evaluate(served, batch.sexes, batch.numbers).predictions

    answers = np.array([(each.rings, each.lower_rings, each.upper_rings, each.age_years) for each in predictions])
    expected = np.column_stack([rings := trained[0].predict(table), bounds.lower, bounds.upper, rings + 1.5])
    assert len(answers) == 4177 > CHUNK_ROWS
    np.testing.assert_allclose(answers, expected, rtol=1e-6, atol=0)


def test_impossible_row_is_rejected_and_its_neighbours_are_not(served: ServedModel) -> None:
    good = (0.53, 0.42, 0.135, 0.677, 0.2565, 0.1415, 0.21)
    batch = Batch(["M", "M", "F"], [good, (0.53, 0.42, 0.5, *good[3:]), good])

    outcomes, problems = outcomes_of(served, batch, evaluate(served, batch.sexes, batch.numbers))

    assert [type(outcome) for outcome in outcomes] == [Prediction, Rejection, Prediction]
    assert [(problem.row, problem.column) for problem in problems] == [(2, "height")]
    alone = Batch(["F"], [good])
    assert outcomes[2] == outcomes_of(served, alone, evaluate(served, alone.sexes, alone.numbers))[0][0]


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (Format.CSV, b"X,0.53,0.42,0.135,0.677,0.2565,0.1415,0.21"),
        (Format.CSV, b",0.53,0.42,0.135,0.677,0.2565,0.1415,0.21"),
        (
            Format.JSON,
            b'[{"sex": "X", "length": 0.53, "diameter": 0.42, "height": 0.135, "whole_weight": 0.677,'
            b' "shucked_weight": 0.2565, "viscera_weight": 0.1415, "shell_weight": 0.21}]',
        ),
    ],
)
def test_row_whose_sex_alone_is_wrong_is_rejected(served: ServedModel, form: Format, body: bytes) -> None:
    batch = read(form, body)

    outcomes, problems = outcomes_of(served, batch, evaluate(served, batch.sexes, batch.numbers))

    assert isinstance(outcomes[0], Rejection)
    assert [(problem.row, problem.column) for problem in problems] == [(1, "sex")]


def test_row_beyond_the_training_data_is_predicted_with_a_warning(served: ServedModel) -> None:
    batch = Batch(["M"], [(0.9, 0.7, 0.2, 2.9, 1.2, 0.6, 0.8)])

    outcomes, problems = outcomes_of(served, batch, evaluate(served, batch.sexes, batch.numbers))

    assert problems == []
    assert isinstance(outcomes[0], Prediction)
    assert [(warning.code, warning.column) for warning in outcomes[0].warnings] == [
        ("above_training_range", "length"),
        ("above_training_range", "diameter"),
        ("above_training_range", "whole_weight"),
    ]


def test_version_is_that_of_the_artifact_or_the_beginning_of_its_digest(served: ServedModel) -> None:
    assert served.version == served.artifact.digest[:12]
    assert served_model(replace(served.artifact, version="2026-01-01T00.00.00.000Z")).version.startswith("2026")


def test_model_is_healthy_while_it_predicts_what_it_did(served: ServedModel) -> None:
    numbers, rings = served.known_row

    assert served.is_healthy()
    assert not replace(served, known_row=(numbers, rings + 1e-9)).is_healthy()


def test_card_tells_what_the_metadata_holds(served: ServedModel) -> None:
    card = served.card

    assert card.training_data.rows == 4177
    assert card.metrics["random"].rmse == 2.0
    assert [column.name for column in card.inputs] == [SEX.name, *NUMBER_NAMES]
    assert sum(card.rings.shares) == pytest.approx(1)
    assert len(card.rings.shares) == len(card.rings.inner_edges) + 1


def test_model_that_predicts_nonsense_is_refused(served: ServedModel) -> None:
    metadata = copy.deepcopy(served.artifact.metadata)
    for column in metadata["reference"]["numbers"].values():
        column["quantiles"]["0.5"] = float("nan")

    with pytest.raises(ArtifactError, match="for a typical animal: train it again"):
        served_model(replace(served.artifact, metadata=metadata))
