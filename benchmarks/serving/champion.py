"""The model that is served unless another one is named."""

import json
from pathlib import Path

from abalone.errors import AbaloneError

MODELS = Path(__file__).parents[2] / "data" / "06_models"


def champion_directory() -> Path:
    """Return the directory of the champion's artifact.

    Raises:
        AbaloneError: There is no champion yet.
    """
    record = MODELS / "champion.json"
    if not record.exists():
        raise AbaloneError(
            f"{record} does not exist: train a model with `make run`, or name one with --model DIRECTORY"
        )
    version = json.loads(record.read_text(encoding="utf-8"))["version"]
    return MODELS / "model" / version / "model"
