"""The pipeline that looks at what is served whenever it runs, compiled for dev and prd."""

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.compilation import Compiled, compile_pipeline
from abalone.sagemaker.compilation.service_model import faults_of_calls
from abalone.sagemaker.configuration import load_configuration
from abalone.sagemaker.live import one_job
from abalone.sagemaker.project import open_project
from abalone.sagemaker.start_parameters import start_parameters

pytestmark = pytest.mark.usefixtures("account")


def compiled_monitoring(env: str) -> Compiled:
    with open_project(env) as context:
        return compile_pipeline(context, pipeline="monitoring")


@pytest.mark.parametrize("env", ["dev", "prd"])
def test_monitoring_is_one_job_that_runs_whole_pipelines_in_turn(env):
    compiled = compiled_monitoring(env)

    (step,) = compiled.definition["Steps"]
    assert (compiled.pipeline.name, step["Name"], step["Type"]) == (
        f"abalone-{env}-monitoring",
        "monitoring",
        "Processing",
    )
    assert step["Arguments"]["AppSpecification"]["ContainerArguments"] == [
        *("--env", env, "--pipeline", "monitoring", "--group", "monitoring", "--live", "monitoring", "feedback")
    ]
    assert list(faults_of_calls(compiled.definition)) == []


def test_every_execution_looks_anew_and_is_told_nothing_by_whoever_starts_it():
    definition = compiled_monitoring("dev").definition

    assert [parameter["Name"] for parameter in definition["Parameters"] if "DefaultValue" not in parameter] == []
    assert [step["Name"] for step in definition["Steps"] if "CacheConfig" in step] == []
    with open_project("dev") as context:
        assert start_parameters(context, compile_pipeline(context, pipeline="monitoring"), "monitoring") == {}


def test_every_pipeline_that_has_a_name_in_the_account_compiles_after_the_other():
    with open_project("dev") as context:
        names = load_configuration(context.config_loader, "dev").aws.sagemaker.pipeline_names_mapping
        compiled = {name: compile_pipeline(context, pipeline=name).pipeline.name for name in names}

    assert compiled == {"__default__": "abalone-dev", "monitoring": "abalone-dev-monitoring"}


def test_pipeline_that_does_not_exist_is_named():
    with open_project("dev") as context, pytest.raises(AbaloneError, match="there is no pipeline 'montoring'"):
        one_job("monitoring", ["montoring", "feedback"], context.config_loader)
