"""What SageMaker refuses only once a job is created, or never says: refused before anything is deployed."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kedro.io import CatalogConfigResolver

from abalone.errors import AbaloneError
from abalone.sagemaker.compilation.parameters import LONGEST_VALUE, MOST_PIPELINE_PARAMETERS, MOST_VARIABLES
from abalone.sagemaker.compilation.service_model import faults_of_calls
from abalone.sagemaker.configuration import Configuration
from abalone.sagemaker.grouping import Group, Grouping, is_parameter, namespace_of
from abalone.sagemaker.storage import place

# Name of a step: https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
STEP_NAME = r"[A-Za-z0-9\-_]{1,64}"
DATASETS = {"artifact", "gate", "metrics", "report"}
VARIABLE_NAME = r"[a-zA-Z_][a-zA-Z0-9_]*"


def check_groups(grouping: Grouping, configuration: Configuration, conf_catalog: dict[str, Any], env: str) -> None:
    """Check that the groups can be jobs, and that what they hand on outlives them.

    Args:
        grouping: The groups.
        configuration: `sagemaker.yml`.
        conf_catalog: `catalog.yml`.
        env: Kedro environment, for messages.

    Raises:
        AbaloneError: All that cannot.
    """
    resolver = CatalogConfigResolver(conf_catalog, {})
    catalog = {name: resolver.resolve_pattern(name) for group in grouping.groups for name in _datasets(group)}
    faults = [
        *_faulty_names(grouping),
        *_misplaced(grouping, configuration),
        *_unknown_resources(grouping, configuration),
        *_lost_between_jobs(grouping, catalog),
        *_at_local_paths(catalog, env),
        *_isolated_from_s3(grouping, configuration, catalog),
    ]
    if faults:
        raise AbaloneError("; ".join(faults))


def check_definition(definition: Mapping[str, Any], name: str) -> None:
    """Check a definition against SageMaker's limits, and its calls against the service's own model.

    Args:
        definition: The compiled pipeline.
        name: The pipeline's name.

    Raises:
        AbaloneError: All that the service would refuse.
    """
    faults = list(faults_of_calls(definition))
    if len(definition["Parameters"]) > MOST_PIPELINE_PARAMETERS:
        faults.append(f"the pipeline {name} has more than {MOST_PIPELINE_PARAMETERS} parameters")
    names = Counter(parameter["Name"] for parameter in definition["Parameters"])
    for twice in (parameter for parameter, count in names.items() if count > 1):
        faults.append(f"two pipeline parameters would have the name {twice}: rename the parameter or the dataset")
    for step in definition["Steps"]:
        faults.extend(_faulty_variables(step["Name"], step["Arguments"].get("Environment", {})))
    if faults:
        raise AbaloneError("; ".join(faults))


def _datasets(group: Group) -> set[str]:
    return {name for name in group.pipeline.inputs() | group.pipeline.all_outputs() if not is_parameter(name)}


def _faulty_names(grouping: Grouping) -> Iterator[str]:
    for group in grouping.groups:
        if not re.fullmatch(STEP_NAME, group.name):
            yield (
                f"{group.name!r} cannot be the name of a SageMaker step: rename the namespace or the group to at most "
                "64 letters, digits, hyphens and underscores"
            )


def _misplaced(grouping: Grouping, configuration: Configuration) -> Iterator[str]:
    """Find a section whose group does not write its datasets: the model would silently not be registered."""
    training, evaluation = configuration.training, configuration.evaluation
    if training and evaluation and training.group == evaluation.group:
        yield "training.group and evaluation.group in sagemaker.yml are one job: the gate needs a processing job"
    sections = {"training": training, "evaluation": evaluation}
    for key, section in sections.items():
        for field, dataset in (section.model_dump(include=DATASETS) if section else {}).items():
            producer = grouping.producers.get(dataset)
            if section and producer is not None and producer != section.group:
                yield (
                    f"{key}.group in sagemaker.yml is {section.group!r}, but {producer} writes {dataset!r}, "
                    f"which {key}.{field} names: write {key}.group: {producer}"
                )
            if section and producer is None and section.group in grouping:
                yield f"{key}.{field} in sagemaker.yml names {dataset!r}, which {section.group} does not write"


def _unknown_resources(grouping: Grouping, configuration: Configuration) -> Iterator[str]:
    groups = {group.name for group in grouping.groups}
    tags = {tag for group in grouping.groups for tag in group.tags}
    # as when groups put it into another job
    absorbed = {
        name for group in grouping.groups for node in group.pipeline.nodes for name in (namespace_of(node), node.name)
    }
    # another pipeline than this one may have these groups
    elsewhere = {section.group for section in (configuration.training, configuration.evaluation) if section}
    for key in sorted(configuration.aws.resources.keys() - {"__default__"} - groups - tags - absorbed - elsewhere):
        yield f"aws.resources.{key} in sagemaker.yml is no group and no tag: choose from {', '.join(sorted(groups))}"


def _lost_between_jobs(grouping: Grouping, catalog: Mapping[str, Any]) -> Iterator[str]:
    for name, readers in sorted(grouping.crossing.items()):
        if not catalog[name] or str(catalog[name].get("type", "")).endswith("MemoryDataset"):
            yield (
                f"dataset {name!r} lives in memory and would be lost between {grouping.producers[name]} and "
                f"{', '.join(sorted(readers))}: add it to the catalog, or put both into one group"
            )


def _at_local_paths(catalog: Mapping[str, Any], env: str) -> Iterator[str]:
    uris = {name: place(config) for name, config in sorted(catalog.items())}
    local = {name: uri for name, uri in uris.items() if uri is not None and "://" not in uri}
    if local:
        name, uri = next(iter(local.items()))
        others = f" and {len(local) - 1} more" if len(local) > 1 else ""
        yield (
            f"dataset {name!r} at {uri}{others} would be on the local disk of a job, which ends with it: "
            f"let paths begin with s3:// in the environment {env!r} (conf/{env}/globals.yml), as in dev and prd"
        )


def _isolated_from_s3(grouping: Grouping, configuration: Configuration, catalog: Mapping[str, Any]) -> Iterator[str]:
    for group in grouping.groups:
        on_s3 = sorted(name for name in _datasets(group) if str(place(catalog[name])).startswith("s3://"))
        if configuration.resources_of(group.name, group.tags).network_isolation and on_s3:
            yield (
                f"{group.name} cannot have network_isolation: it reads or writes {on_s3[0]!r} on S3; "
                "give it subnets with a route to S3 instead"
            )


def _faulty_variables(step: str, environment: Mapping[str, Any]) -> Iterator[str]:
    if len(environment) > MOST_VARIABLES:
        yield (
            f"{step} has {len(environment)} environment variables, SageMaker takes {MOST_VARIABLES}: "
            "take some out of environment in sagemaker.yml"
        )
    for name, value in environment.items():
        if not re.fullmatch(VARIABLE_NAME, name):
            yield f"{step}: {name!r} cannot be the name of an environment variable: use letters, digits, underscores"
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            yield (
                f"{step}: the environment variable {name} has {len(value)} characters, SageMaker takes "
                f"{LONGEST_VALUE}: shorten it, or put it into a parameter, which may travel in a file"
            )
