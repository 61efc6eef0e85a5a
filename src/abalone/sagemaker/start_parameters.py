"""What an execution has to be told beside the parameters: which data it is on, and whether its model is known."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from kedro.framework.context import KedroContext
from kedro.io import CatalogConfigResolver

from abalone.datasets.champion import LOST_CHAMPION, read_record
from abalone.errors import AbaloneError
from abalone.sagemaker.compilation import Compiled
from abalone.sagemaker.compilation.parameters import REGISTER, TRAINING_KEY, version_parameter
from abalone.sagemaker.configuration import has_digest
from abalone.sagemaker.input_versions import NOTHING, champion_version, listing_digest
from abalone.sagemaker.job import code_identity
from abalone.sagemaker.job_parameters import Leaves, flatten
from abalone.sagemaker.local.durations import duration
from abalone.sagemaker.registry import is_registered
from abalone.sagemaker.storage import Storage, group_keys, is_champion, is_of_glue, place

MARGIN = timedelta(hours=1)
"""A cached result that is about to expire is not counted on."""


def start_parameters(context: KedroContext, compiled: Compiled, pipeline: str = "__default__") -> dict[str, str]:
    """Read what an execution that starts now has to be told.

    Args:
        context: Kedro's, with the parameters of the execution.
        compiled: The compiled pipeline.
        pipeline: Name of the Kedro pipeline.

    Returns:
        Values of pipeline parameters, by name.

    Raises:
        AbaloneError: The Glue job has not made the tables yet.
    """
    configuration, grouping = compiled.configuration, compiled.grouping
    resolver = CatalogConfigResolver(dict(context.config_loader["catalog"]), {})
    inputs = {name: resolver.resolve_pattern(name) for name in grouping.inputs}
    versions = {name: listing_digest(place(config)) for name, config in inputs.items() if not is_champion(config)}
    for name, config in inputs.items():
        if is_of_glue(config) and versions[name] == NOTHING:
            raise AbaloneError(f"{place(config)} is not there: let the Glue job make the tables first")
    code = code_identity(str(context.env), pipeline, configuration.docker.image)
    leaves = flatten(context.params)
    own = _cached_model(compiled, leaves, versions, code)
    for name, config in inputs.items():
        if is_champion(config):
            record = read_record(str(place(config)))
            versions[name] = champion_version(record, own)
            if record is None and _was_evaluated(compiled, leaves, versions, code):
                versions[name] = LOST_CHAMPION
    parameters = {version_parameter(name): version for name, version in versions.items()}
    training, registration = configuration.training, configuration.registration
    if training and registration and training.group in grouping:
        key = group_keys(grouping, training.group, leaves, versions, code)[training.group]
        # behind a tag there may be other code than the registered model's
        known = has_digest(configuration.docker.image) and is_registered(registration.model_package_group, key)
        parameters |= {TRAINING_KEY: key, REGISTER: "false" if known else "true"}
    return parameters


def _was_evaluated(compiled: Compiled, leaves: Leaves, versions: Mapping[str, str], code: str) -> bool:
    """Whether the cache may answer for an evaluation with these versions."""
    evaluation = compiled.configuration.evaluation
    if not evaluation or evaluation.group not in compiled.grouping:
        return False
    keys = group_keys(compiled.grouping, evaluation.group, leaves, versions, code)
    return Storage(compiled.storage, keys).read_record(evaluation.group) is not None


def _cached_model(compiled: Compiled, leaves: Leaves, versions: Mapping[str, str], code: str) -> str | None:
    """Return the version of the model that the cache will answer the training job with, if it will."""
    configuration, training = compiled.configuration, compiled.configuration.training
    if not training or training.group not in compiled.grouping:
        return None
    if not configuration.cache.enabled or not has_digest(configuration.docker.image):
        return None
    keys = group_keys(compiled.grouping, training.group, leaves, versions, code)
    record = Storage(compiled.storage, keys).read_record(training.group)
    if record is None:
        return None
    age = datetime.now(UTC) - record.finished
    if age > duration(configuration.cache.expire_after) - MARGIN:
        return None
    return record.versions.get(training.artifact)
