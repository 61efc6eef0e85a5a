"""The model beside its baselines and the champion, each on rows that neither of them has learnt from."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import root_mean_squared_error

from abalone.model.cross_validation import NEW_SITE
from abalone.pipelines.evaluation.bootstrap import Resampling, lower_bound, resample_blocks
from abalone.pipelines.evaluation.scores import resample_rows, score_on, squared_error_reduction
from abalone.schema import RINGS

_DECIMALS = 6


def compare_with_rivals(
    metrics: Mapping[str, Any],
    model: pd.DataFrame,
    baselines: Mapping[str, pd.DataFrame],
    champion: pd.DataFrame | None,
    parameters: Mapping[str, Any],
) -> dict[str, Any]:
    """Score the rivals as the model was scored, and the model against each of them on the same rows.

    Args:
        metrics: The model's scores.
        model: The model's predictions: columns sex, rings, predicted, lower, upper.
        baselines: Predictions of the same rows by name: columns sex, rings, predicted.
        champion: The champion's predictions of some or all of these rows, with the columns and the index of `model`;
            None when there is no champion.
        parameters: `evaluation`.

    Returns:
        Scores of the `model`, the `baselines` by name and the `champion` (or None); and under `against`, for each
        rival, on the rows that it predicted: their number, the model's RMSE and the rival's (rings), the
        `squared_error_reduction` (rings squared), its one-sided `lower_bound` at the gate's confidence, and whether
        the predictions are `identical`.
    """
    rivals = {**baselines, **({} if champion is None else {"champion": champion})}
    resamplings = {name: resample_rows(len(rival), parameters["bootstrap"]) for name, rival in rivals.items()}
    scores = {
        name: score_on(resamplings[name], rival, parameters["age_bands"], parameters["bootstrap"])
        for name, rival in rivals.items()
    }
    return {
        "model": dict(metrics),
        "baselines": {name: scores[name] for name in baselines},
        "champion": scores.get("champion"),
        "against": {
            name: _against(resamplings[name], model.loc[rival.index], rival, parameters["gate"]["confidence"])
            for name, rival in rivals.items()
        },
    }


def compare_at_new_site(
    model: pd.DataFrame, champion: pd.DataFrame, blocks: int, parameters: Mapping[str, Any]
) -> dict[str, dict[str, float]]:
    """Compare the model with the champion by stretches of the survey, as sites differ more than animals do.

    Args:
        model: The model's predictions: columns batch, line, rings, predicted.
        champion: The champion's predictions of the same rows.
        blocks: Number of contiguous blocks in collection order.
        parameters: `evaluation`.

    Returns:
        Under `new_site` the number of `blocks`; the `lower_bound` of the reduction of the squared error when blocks
        are resampled, one-sided at the gate's confidence, and the champion's mean squared error, `rival_mse` (both in
        rings squared).
    """
    bootstrap = parameters["bootstrap"]
    order = np.lexsort((model["line"], model["batch"]))
    resampling = resample_blocks(order, blocks, bootstrap["resamples"], bootstrap["random_state"])
    reduction = squared_error_reduction(resampling, model, champion)
    return {
        NEW_SITE: {
            "blocks": resampling.weights.shape[1],
            "lower_bound": round(lower_bound(reduction[1:], parameters["gate"]["confidence"]), _DECIMALS),
            "rival_mse": round(_rmse(champion) ** 2, _DECIMALS),
        }
    }


def _against(resampling: Resampling, model: pd.DataFrame, rival: pd.DataFrame, confidence: float) -> dict[str, Any]:
    reduction = squared_error_reduction(resampling, model, rival)
    return {
        "rows": len(rival),
        "model_rmse": _rmse(model),
        "rival_rmse": _rmse(rival),
        "squared_error_reduction": round(float(reduction[0]), _DECIMALS),
        "lower_bound": round(lower_bound(reduction[1:], confidence), _DECIMALS),
        "identical": bool(np.array_equal(model["predicted"], rival["predicted"])),
    }


def _rmse(predictions: pd.DataFrame) -> float:
    return round(float(root_mean_squared_error(predictions[RINGS.name], predictions["predicted"])), _DECIMALS)
