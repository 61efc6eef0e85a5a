"""From a Kedro pipeline to a SageMaker pipeline: kedro-sagemaker's generator, one job a group.

What is overridden, and why, is in docs/adr/0010-sagemaker-plugin.md.
"""

from dataclasses import dataclass
from typing import Any

from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node
from kedro_sagemaker.config import SageMakerMetricsTrackingConfig
from kedro_sagemaker.constants import KEDRO_SAGEMAKER_METRICS
from kedro_sagemaker.generator import KedroSageMakerGenerator
from sagemaker.estimator import Estimator, EstimatorBase
from sagemaker.network import NetworkConfig
from sagemaker.processing import ProcessingOutput, Processor
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.functions import Join
from sagemaker.workflow.pipeline import Pipeline as SageMakerPipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.retry import (
    RetryPolicy,
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.workflow.steps import CacheConfig, ProcessingStep, TrainingStep

from abalone.sagemaker.compilation.parameters import JobVariables
from abalone.sagemaker.configuration import Configuration, Resources, has_digest
from abalone.sagemaker.exports import EVALUATION_FOLDER, GATE
from abalone.sagemaker.grouping import Group, Grouping
from abalone.sagemaker.job import ENTRY_POINT

EVALUATION_OUTPUT = "evaluation"
"""Output of the evaluation's job that holds the gate, the statistics and the report."""

GATE_FILE = PropertyFile(name="gate", output_name=EVALUATION_OUTPUT, path=GATE)
"""What the condition of the pipeline reads."""


@dataclass(frozen=True)
class Project:
    """What the generator asks of Kedro.

    Attributes:
        env: Kedro environment.
        grouping: The groups of the pipeline.
        variables: Variables of the jobs.
        storage: URI that everything of the pipeline is under.
    """

    env: str
    grouping: Grouping
    variables: JobVariables
    storage: str


class Generator(KedroSageMakerGenerator):
    """Generates the jobs of a pipeline.

    Args:
        pipeline_name: Name of the Kedro pipeline.
        project: What is to be compiled.
        config: `sagemaker.yml`.
        session: SageMaker's session.
    """

    config: Configuration

    def __init__(self, pipeline_name: str, project: Project, config: Configuration, session: PipelineSession) -> None:
        super().__init__(pipeline_name, project, config)
        self._project = project
        self._session = session

    def generate(self) -> SageMakerPipeline:
        """Generate the pipeline of the jobs, without what follows them."""
        pipeline = super().generate()
        pipeline.sagemaker_session = self._session
        return pipeline

    def get_kedro_pipeline(self) -> Pipeline:
        """Return a pipeline in which each group is one node, as kedro-sagemaker makes a job of each node."""
        return Pipeline([self._as_node(group) for group in self._project.grouping.groups])

    def _as_node(self, group: Group) -> Node:
        def run_group(*_: object) -> None:
            """Stand for the nodes of the group."""

        if self.config.training and self.config.training.group == group.name:
            setattr(
                run_group, KEDRO_SAGEMAKER_METRICS, SageMakerMetricsTrackingConfig({})
            )  # makes a training job of it
        inputs, outputs = sorted(group.pipeline.inputs()), sorted(group.pipeline.all_outputs())
        return Node(func=run_group, inputs=inputs, outputs=outputs, name=group.name, tags=group.tags)

    def _get_model_io(self, node: Node) -> tuple[list[str], list[str]]:  # noqa: ARG002
        return [], []  # no dataset is one of kedro-sagemaker's, which pickle

    def _prepare_sagemaker_params(self) -> tuple[list[Any], dict[str, Any]]:
        return self._project.variables.pipeline_parameters, {}

    def _get_resources_for_node(self, node: Node) -> Resources:
        return self.config.resources_of(node.name, set(node.tags))

    def _create_processing_step(self, node: Node, resources: Resources, *_: Any, **__: Any) -> ProcessingStep:
        evaluates = self.config.evaluation is not None and self.config.evaluation.group == node.name
        processor = Processor(
            role=self._execution_role,
            image_uri=self.docker_image,
            entrypoint=list(ENTRY_POINT),
            instance_type=resources.instance_type,
            instance_count=resources.instance_count or 1,
            volume_size_in_gb=resources.volume_gb or 30,
            volume_kms_key=self.config.kms_key,
            output_kms_key=self.config.kms_key,
            max_runtime_in_seconds=resources.timeout_seconds,
            env=self._project.variables.of(node.name),
            tags=self._tags(),
            network_config=self._network(resources),
            sagemaker_session=self._session,
        )
        outputs = [self._evaluation_output()] if evaluates else None
        return ProcessingStep(
            node.name,
            step_args=processor.run(arguments=self._arguments(node.name), outputs=outputs),
            property_files=[GATE_FILE] if evaluates else None,
            cache_config=self._cache(),
            retry_policies=self._retries(),
        )

    def _create_training_step(self, node: Node, resources: Resources, *_: Any) -> TrainingStep:
        training = self.config.training
        spot = training is not None and training.spot
        estimator = Estimator(
            role=self._execution_role,
            image_uri=self.docker_image,
            container_entry_point=list(ENTRY_POINT),
            container_arguments=self._arguments(node.name),
            instance_type=resources.instance_type,
            instance_count=resources.instance_count or 1,
            volume_size=resources.volume_gb or 30,
            volume_kms_key=self.config.kms_key,
            output_path=f"{self._project.storage}/models",
            output_kms_key=self.config.kms_key,
            max_run=resources.timeout_seconds,
            use_spot_instances=spot,
            max_wait=training.max_wait_seconds if spot and training else None,
            environment=self._project.variables.of(node.name),
            tags=self._tags(),
            subnets=resources.subnets,
            security_group_ids=resources.security_group_ids,
            enable_network_isolation=bool(resources.network_isolation),
            disable_profiler=True,
            debugger_hook_config=False,
            sagemaker_session=self._session,
        )
        # fit itself: its decorator sends telemetry
        arguments = EstimatorBase.fit.__wrapped__(estimator)
        return TrainingStep(node.name, step_args=arguments, cache_config=self._cache(), retry_policies=self._retries())

    def _arguments(self, group: str) -> list[str]:
        arguments = ["--env", self._project.env, "--pipeline", self.pipeline_name, "--group", group]
        if self._project.grouping.live:
            return [*arguments, "--live", *self.config.live[self.pipeline_name]]
        arguments += ["--storage", self._project.storage]
        training, evaluation = self.config.training, self.config.evaluation
        if training and training.group == group:
            arguments += ["--artifact", training.artifact]
        if training and evaluation and evaluation.group == group:
            arguments += ["--gate", evaluation.gate, "--model", training.artifact]
            arguments += ["--metrics", evaluation.metrics, "--report", evaluation.report]
        return arguments

    def _evaluation_output(self) -> ProcessingOutput:
        folder = [f"{self._project.storage}/executions", ExecutionVariables.PIPELINE_EXECUTION_ID, EVALUATION_OUTPUT]
        return ProcessingOutput(
            output_name=EVALUATION_OUTPUT, source=f"/opt/ml/{EVALUATION_FOLDER}", destination=Join("/", folder)
        )

    def _cache(self) -> CacheConfig | None:
        # A tag may name another image tomorrow: only a digest says that the code is the same.
        if not self.config.cache.enabled or not has_digest(self.docker_image):
            return None
        return CacheConfig(enable_caching=True, expire_after=self.config.cache.expire_after)

    def _retries(self) -> list[RetryPolicy] | None:
        retries = self.config.retries
        if not retries.max_attempts:
            return None
        times = {
            "interval_seconds": retries.interval_seconds,
            "backoff_rate": retries.backoff_rate,
            "max_attempts": retries.max_attempts,
        }
        job_faults = [
            SageMakerJobExceptionTypeEnum.INTERNAL_ERROR,
            SageMakerJobExceptionTypeEnum.CAPACITY_ERROR,
            SageMakerJobExceptionTypeEnum.RESOURCE_LIMIT,
        ]
        return [
            StepRetryPolicy([StepExceptionTypeEnum.SERVICE_FAULT, StepExceptionTypeEnum.THROTTLING], **times),
            SageMakerJobStepRetryPolicy(job_faults, **times),
        ]

    def _tags(self) -> list[dict[str, str]]:
        return [{"Key": key, "Value": value} for key, value in self.config.tags.items()]

    def _network(self, resources: Resources) -> NetworkConfig | None:
        if not (resources.subnets or resources.security_group_ids or resources.network_isolation):
            return None
        return NetworkConfig(
            enable_network_isolation=bool(resources.network_isolation),
            subnets=resources.subnets,
            security_group_ids=resources.security_group_ids,
        )
