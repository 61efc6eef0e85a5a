"""Compiles a pipeline of the project."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import NoRegionError
from kedro.framework.context import KedroContext
from sagemaker.workflow.entities import PipelineVariable
from sagemaker.workflow.pipeline import Pipeline as SageMakerPipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

from abalone.errors import AbaloneError
from abalone.sagemaker.compilation.checks import check_definition, check_groups
from abalone.sagemaker.compilation.generator import Generator, Project
from abalone.sagemaker.compilation.parameters import JobVariables, common_variables
from abalone.sagemaker.compilation.registration import register_if_passed
from abalone.sagemaker.configuration import Configuration, load_configuration
from abalone.sagemaker.grouping import Grouping, group_nodes
from abalone.sagemaker.job_parameters import flatten
from abalone.sagemaker.live import one_job
from abalone.sagemaker.project import config_loader, pipeline_of_jobs
from abalone.sagemaker.registry import TRAINING_KEY_METADATA


@dataclass(frozen=True)
class Compiled:
    """A compiled pipeline.

    Attributes:
        pipeline: The SDK's, to upsert and to start.
        definition: What SageMaker takes, as JSON values.
        files: Parameters that no variable can hold: content by S3 URI. They have to be there before a start.
        configuration: What it was compiled with.
        grouping: The groups, one a job.
        storage: URI that everything of the pipeline is under.
    """

    pipeline: SageMakerPipeline
    definition: dict[str, Any]
    files: Mapping[str, bytes]
    configuration: Configuration
    grouping: Grouping
    storage: str


def compile_pipeline(
    context: KedroContext,
    *,
    pipeline: str = "__default__",
    image: str | None = None,
    role: str | None = None,
    cache: bool = True,
) -> Compiled:
    """Compile a pipeline of the project.

    Args:
        context: Kedro's, of the environment to compile for.
        pipeline: Name of the Kedro pipeline.
        image: In the place of `docker.image`.
        role: ARN, in the place of `aws.execution_role`.
        cache: Whether a job may be answered from the cache.

    Raises:
        AbaloneError: The pipeline, its grouping or its configuration is not what SageMaker can run; the message names
            the culprit and the remedy.
    """
    env = str(context.env)
    configuration = load_configuration(context.config_loader, env, image=image, role=role)
    name = _sagemaker_name(configuration, pipeline, env)
    if members := configuration.live.get(pipeline):
        grouping = one_job(pipeline, members, context.config_loader)
    else:
        grouping = group_nodes(pipeline_of_jobs(pipeline, context.config_loader), configuration.groups)
    if not cache or grouping.live:
        configuration.cache.enabled = False
    check_groups(grouping, configuration, dict(context.config_loader["catalog"]), env)
    storage = f"s3://{configuration.aws.bucket}/sagemaker/{name}"
    session = _session(configuration.aws.bucket)
    common = common_variables(configuration, session.boto_region_name, _conf(context), env)
    configured = flatten(config_loader(_conf(context), env)["parameters"])
    variables = JobVariables(grouping, flatten(context.params), configured, storage, common)
    generator = Generator(pipeline, Project(env, grouping, variables, storage), configuration, session)
    compiled = generator.generate()
    _add_registration(compiled, configuration, variables, session)
    definition = json.loads(compiled.definition())
    check_definition(definition, name)
    return Compiled(compiled, definition, variables.files, configuration, grouping, storage)


def _sagemaker_name(configuration: Configuration, pipeline: str, env: str) -> str:
    names = configuration.aws.sagemaker.pipeline_names_mapping
    if pipeline not in names:
        raise AbaloneError(
            f"aws.sagemaker.pipeline_names_mapping has no name for {pipeline!r}: "
            f"add one to conf/{env}/sagemaker.yml (dev and prd have one for __default__)"
        )
    return names[pipeline]


def _session(bucket: str) -> PipelineSession:
    try:
        return PipelineSession(default_bucket=bucket)
    except (ValueError, NoRegionError) as error:
        if "region" not in str(error).lower():
            raise
        raise AbaloneError(
            "no AWS region is set: export AWS_DEFAULT_REGION=<region>, or set one with `aws configure`"
        ) from error


def _conf(context: KedroContext) -> Path:
    return Path(context.config_loader.conf_source)


def _add_registration(
    pipeline: SageMakerPipeline, configuration: Configuration, variables: JobVariables, session: PipelineSession
) -> None:
    training, evaluation, registration = configuration.training, configuration.evaluation, configuration.registration
    steps = {step.name: step for step in pipeline.steps}
    if not (training and evaluation and registration):
        return
    trained, evaluated = steps.get(training.group), steps.get(evaluation.group)
    if not (isinstance(trained, TrainingStep) and isinstance(evaluated, ProcessingStep)):
        return  # a part of the whole, which ends before the gate
    metadata: dict[str, str | PipelineVariable] = {
        "training_image": configuration.docker.image,
        TRAINING_KEY_METADATA: variables.training_key,
    }
    metadata |= {f"{dataset}_version": variables.version_of(dataset) for dataset in sorted(variables.grouping.inputs)}
    gate = register_if_passed(
        trained,
        evaluated,
        registration,
        variables,
        metadata,
        role=configuration.aws.execution_role,
        session=session,
    )
    pipeline.steps = [*pipeline.steps, gate]
