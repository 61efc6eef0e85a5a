"""What follows the jobs: a model that passed the gate is registered, any other fails the run with its figures."""

from collections.abc import Mapping

from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.entities import PipelineVariable
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

from abalone.sagemaker.compilation.generator import EVALUATION_OUTPUT, GATE_FILE
from abalone.sagemaker.compilation.parameters import JobVariables
from abalone.sagemaker.configuration import Registration
from abalone.sagemaker.exports import REPORT, STATISTICS


def register_if_passed(
    training: TrainingStep,
    evaluation: ProcessingStep,
    registration: Registration,
    variables: JobVariables,
    metadata: Mapping[str, str | PipelineVariable],
    *,
    role: str,
    session: PipelineSession,
) -> ConditionStep:
    """Make the step that registers the model when it passed the gate, and fails with the figures when it did not.

    Args:
        training: The job that makes the artifact.
        evaluation: The job that decides the gate.
        registration: What is registered.
        variables: For whether the model is registered already.
        metadata: Of the registered model.
        role: ARN of the role.
        session: SageMaker's session.
    """
    of_origin = ("artifact_digest", "git_commit", "training_data")
    verdict = {key: JsonGet(evaluation.name, GATE_FILE, key) for key in ("passed", "summary", *of_origin)}
    origin = {key: verdict[key] for key in of_origin}
    register = _register(training, evaluation, registration, {**origin, **metadata}, role=role, session=session)
    only_once = ConditionStep(
        "is_new", conditions=[ConditionEquals(variables.register, "true")], if_steps=[register], else_steps=[]
    )
    refuse = FailStep("refused", error_message=Join(" ", ["The model did not pass the gate:", verdict["summary"]]))
    return ConditionStep(
        "gate",
        conditions=[ConditionEquals(verdict["passed"], True)],
        if_steps=[only_once],
        else_steps=[refuse],
        depends_on=[evaluation],
    )


def _register(
    training: TrainingStep,
    evaluation: ProcessingStep,
    registration: Registration,
    metadata: Mapping[str, str | PipelineVariable],
    *,
    role: str,
    session: PipelineSession,
) -> ModelStep:
    output = evaluation.properties.ProcessingOutputConfig.Outputs[EVALUATION_OUTPUT].S3Output.S3Uri
    model = Model(
        image_uri=registration.image,
        model_data=training.properties.ModelArtifacts.S3ModelArtifacts,
        role=role,
        sagemaker_session=session,
    )
    metrics = ModelMetrics(
        model_statistics=MetricsSource(s3_uri=Join("/", [output, STATISTICS]), content_type="application/json"),
        explainability=MetricsSource(s3_uri=Join("/", [output, REPORT]), content_type="text/html"),
    )
    arguments = model.register(
        model_package_group_name=registration.model_package_group,
        approval_status=registration.approval_status,
        content_types=registration.content_types,
        response_types=registration.response_types,
        inference_instances=registration.inference_instances,
        transform_instances=registration.transform_instances,
        model_metrics=metrics,
        customer_metadata_properties=dict(metadata),
        domain="MACHINE_LEARNING",
        task="REGRESSION",
    )
    return ModelStep("register", step_args=arguments)
