"""Nodes of the evaluation pipeline that need a model to predict, or to name; the others are the modules beside it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from abalone.errors import AbaloneError
from abalone.model.artifact import Artifact
from abalone.model.candidates import Candidates, build_estimator
from abalone.pipelines.evaluation import explanations
from abalone.pipelines.evaluation.comparison import compare_at_new_site, compare_with_rivals
from abalone.pipelines.evaluation.explanations import Predict
from abalone.pipelines.evaluation.figures.explanations import draw_partial_dependence, draw_permutation_importance
from abalone.pipelines.evaluation.figures.predictions import draw_interval_coverage
from abalone.pipelines.evaluation.gate import Gate, decide
from abalone.pipelines.evaluation.promise import measure_promise
from abalone.pipelines.evaluation.unseen import incomparable, unseen_by
from abalone.schema import MEASUREMENT_NAMES, RINGS, SEX


def predict(model: Artifact, test_table: pd.DataFrame) -> pd.DataFrame:
    """Predict the test table with what serves.

    Args:
        model: The artifact.
        test_table: Measurements with their ring counts, and their batch and line.

    Returns:
        Columns batch, line, sex, rings, predicted, lower, upper and residual (counted minus predicted), in rings.

    Raises:
        AbaloneError: If the test table is empty.
    """
    if test_table.empty:
        raise AbaloneError("test_table has no row to evaluate on: put more measurements into the landing zone")
    predicted = model.predict(_columns(test_table))
    return test_table[["batch", "line", SEX.name, RINGS.name]].assign(
        predicted=predicted.rings,
        lower=predicted.lower,
        upper=predicted.upper,
        residual=test_table[RINGS.name] - predicted.rings,
    )


def predict_unseen(model: Artifact, test_table: pd.DataFrame) -> pd.DataFrame:
    """Predict the test table with the model that is evaluated on it, once it is sure that it has not learnt from it.

    Args:
        model: The artifact.
        test_table: Measurements with their ring counts, and their batch and line.

    Returns:
        See `predict`.

    Raises:
        AbaloneError: If the tables were split anew since the model was trained, or the test table is empty.
    """
    unseen = unseen_by(model, test_table)
    if unseen is None or len(unseen) < len(test_table):
        raise AbaloneError(
            "the model may have learnt from the test table, which was split anew since: "
            "run the training pipeline before the evaluation"
        )
    return predict(model, test_table)


def predict_with_baselines(
    train_table: pd.DataFrame,
    test_table: pd.DataFrame,
    candidates: Candidates,
    random_state: int,
    names: list[str],
) -> dict[str, pd.DataFrame]:
    """Fit the baselines on the train table and predict the test table with them.

    Args:
        train_table: What the model learnt from.
        test_table: What it is tested on.
        candidates: `training.candidates`, where the baselines are defined.
        random_state: Seed of the baselines.
        names: Which of the candidates are baselines.

    Returns:
        For each baseline the columns sex, rings and predicted (rings) of the test rows.

    Raises:
        AbaloneError: If a name is none of the candidates.
    """
    measured = list(MEASUREMENT_NAMES)
    predictions = {}
    for name in names:
        estimator: Any = build_estimator(candidates, name, random_state)
        estimator.fit(train_table[measured], train_table[RINGS.name].to_numpy(np.float64))
        predicted = np.asarray(estimator.predict(test_table[measured]), dtype=np.float64)
        predictions[name] = test_table[[SEX.name, RINGS.name]].assign(predicted=predicted)
    return predictions


def compare(
    *,
    model: Artifact,
    metrics: Mapping[str, Any],
    test_predictions: pd.DataFrame,
    baseline_predictions: Mapping[str, pd.DataFrame],
    champion: Artifact | None,
    test_table: pd.DataFrame,
    blocks: int,
    parameters: Mapping[str, Any],
) -> dict[str, Any]:
    """Put the model beside its baselines and the champion.

    Args:
        model: The artifact.
        metrics: The model's scores.
        test_predictions: The model's predictions.
        baseline_predictions: The baselines' predictions by name.
        champion: The artifact in service; None when there is none.
        test_table: What all are tested on; the champion only on what is a test row under its own split too, for it may
            have been trained with other parameters of the split.
        blocks: Number of contiguous blocks that stand for sites, as in cross-validation.
        parameters: `evaluation`.

    Returns:
        See `compare_with_rivals`; `against` the champion also `compare_at_new_site`, and under `promises` what
        `measure_promise` says of the `model` and of the `champion`. Where too few rows are left for the champion, there
        is but the reason, named `incomparable`; and where the model predicts by its very graph, but `itself`.
    """
    champion_predictions, reason = None, None
    itself = champion is not None and _are_the_same(model, champion)
    if champion is not None and not itself:
        unseen = unseen_by(champion, test_table)
        reason = incomparable(champion, unseen, len(test_table), parameters["bootstrap"]["minimum_rows"])
        champion_predictions = None if reason or unseen is None else predict(champion, unseen)
    comparison = compare_with_rivals(metrics, test_predictions, baseline_predictions, champion_predictions, parameters)
    if champion is not None and champion_predictions is not None:
        own = test_predictions.loc[champion_predictions.index]
        comparison["against"]["champion"] |= {
            **compare_at_new_site(own, champion_predictions, blocks, parameters),
            "promises": {
                "model": measure_promise(model, own, parameters),
                "champion": measure_promise(champion, champion_predictions, parameters),
            },
        }
    if reason:
        comparison["against"]["champion"] = {"incomparable": reason}
    if itself:
        comparison["against"]["champion"] = {"itself": True}
    return comparison


def decide_gate(model: Artifact, comparison: Mapping[str, Any], parameters: Mapping[str, Any]) -> Gate:
    """Decide whether the model may serve.

    Args:
        model: The model that was evaluated.
        comparison: What `compare` returns.
        parameters: `evaluation.gate`.

    Returns:
        The decision.
    """
    return decide(comparison, model.metadata["intervals"]["level"], parameters)


def record_verdict(model: Artifact, comparison: Mapping[str, Any], gate: Gate) -> dict[str, Any]:
    """Keep what the gate said of this model, which the next run would write over.

    Args:
        model: The model that was evaluated.
        comparison: What `compare` returns.
        gate: The gate's decision.

    Returns:
        `version` and `digest` of the model; its `test_rows`, `test_rmse` (rings) and `coverage`, None where there were
        too few rows; whether it `passed`, and the `reasons`.
    """
    overall = comparison["model"]["overall"]
    values = {name: overall[name] and overall[name]["value"] for name in ("rmse", "coverage")}
    return {
        "version": model.version,
        "digest": model.digest,
        "test_rows": overall["rows"],
        "test_rmse": values["rmse"],
        "coverage": values["coverage"],
        "passed": gate["passed"],
        "reasons": gate["reasons"],
    }


def promote(model: Artifact, champion: Artifact | None, gate: Gate) -> dict[str, str | None]:
    """Name the champion: the model when it passed the gate and is another one, otherwise the one in service.

    Args:
        model: The model that was evaluated.
        champion: The artifact in service; None when there is none.
        gate: The gate's decision.

    Returns:
        Version and digest of the champion, both None when there is none; and as `previous` the version of the one that
        the model was compared with, which is the same when the champion stays.
    """
    previous = champion.version if champion else None
    is_new = champion is None or not _are_the_same(model, champion)
    chosen = model if gate["passed"] and is_new else champion
    if chosen is None:
        return {"version": None, "digest": None, "previous": None}
    return {"version": chosen.version, "digest": chosen.digest, "previous": previous}


def interval_coverage_figure(model: Artifact, test_predictions: pd.DataFrame, parameters: Mapping[str, Any]) -> Figure:
    """Draw the coverage of the intervals beside the one that they were calibrated for.

    Args:
        model: The artifact.
        test_predictions: Its predictions.
        parameters: `evaluation.figures`.

    Returns:
        The figure.
    """
    return draw_interval_coverage(test_predictions, model.metadata["intervals"]["level"], parameters)


def permutation_importance_figure(model: Artifact, test_table: pd.DataFrame, parameters: Mapping[str, Any]) -> Figure:
    """Draw the permutation importance of the raw measurements.

    Args:
        model: The artifact.
        test_table: Measurements with their ring counts.
        parameters: `evaluation.explanations`.

    Returns:
        The figure.
    """
    rings = test_table[RINGS.name].to_numpy(np.float64)
    return draw_permutation_importance(
        explanations.permutation_importance(_rings_of(model), test_table, rings, parameters)
    )


def partial_dependence_figure(model: Artifact, test_table: pd.DataFrame, parameters: Mapping[str, Any]) -> Figure:
    """Draw the partial dependence on the raw measurements.

    Args:
        model: The artifact.
        test_table: Measurements.
        parameters: `evaluation.explanations`.

    Returns:
        The figure.
    """
    return draw_partial_dependence(explanations.partial_dependence(_rings_of(model), test_table, parameters))


def _are_the_same(model: Artifact, champion: Artifact) -> bool:
    """Whether both predict by the same graph, as a model that was trained again on the same data does."""
    return model.onnx == champion.onnx


def _rings_of(model: Artifact) -> Predict:
    return lambda measurements: model.predict(_columns(measurements)).rings


def _columns(table: pd.DataFrame) -> dict[str, ArrayLike]:
    return {name: table[name].to_numpy() for name in MEASUREMENT_NAMES}
