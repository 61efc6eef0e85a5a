"""The model that an execution came to, in a file for the program that goes on with it."""

import json
from collections.abc import Mapping
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.sagemaker.aws import client
from abalone.sagemaker.compilation import Compiled
from abalone.sagemaker.compilation.parameters import TRAINING_KEY
from abalone.sagemaker.registry import find_package


def prepare(path: Path, parameters: Mapping[str, str]) -> None:
    """Make sure that there will be a model to name, and that no earlier one is named.

    Args:
        path: Of the file.
        parameters: What the execution is told.

    Raises:
        AbaloneError: The pipeline registers no model.
    """
    if TRAINING_KEY not in parameters:
        raise AbaloneError("the pipeline registers no model that --outcome could name: leave it out")
    path.unlink(missing_ok=True)


def write(path: Path, compiled: Compiled, parameters: Mapping[str, str]) -> None:
    """Name the model package of an execution that succeeded: its own, or the one that had its model already.

    Args:
        path: Of the file.
        compiled: The pipeline.
        parameters: What the execution was told.

    Raises:
        AbaloneError: There is no such package any more.
    """
    registration = compiled.configuration.registration
    assert registration is not None  # noqa: S101 - `prepare` refuses a pipeline without
    group = registration.model_package_group
    arn = find_package(group, parameters[TRAINING_KEY])
    if arn is None:
        raise AbaloneError(
            f"the model package of this execution is not in {group} any more: run again, with --no-cache"
        )
    package = client("sagemaker").describe_model_package(ModelPackageName=arn)
    (container,) = package["InferenceSpecification"]["Containers"]
    outcome = {"model_package_arn": arn, "model_data_url": container["ModelDataUrl"]}
    path.write_text(json.dumps(outcome, indent=2) + "\n", encoding="utf-8")
