"""How parameters reach the jobs, small and large."""

import json

import pytest

from abalone.sagemaker.compilation import compile_pipeline
from abalone.sagemaker.compilation.service_model import steps_of
from abalone.sagemaker.job_parameters import PARAMETERS_FILE
from abalone.sagemaker.project import open_project


def compile_with(**parameters):
    with open_project("dev", parameters) as context:
        return compile_pipeline(context)


def environment(compiled, job):
    return next(step for step in steps_of(compiled.definition["Steps"]) if step["Name"] == job)["Arguments"][
        "Environment"
    ]


def names(compiled):
    return {parameter["Name"] for parameter in compiled.definition["Parameters"]}


def test_small_parameters_are_parameters_of_the_pipeline(compiled):
    assert compiled.files == {}
    assert PARAMETERS_FILE not in environment(compiled, "evaluation")
    assert "training-candidates-kernel-ridge" in names(compiled)


@pytest.mark.usefixtures("account")
def test_large_parameter_travels_as_a_file_to_the_jobs_that_depend_on_it():
    bands = list(range(1, 101))

    compiled = compile_with(evaluation={"age_bands": bands})

    ((uri, content),) = compiled.files.items()
    assert json.loads(content) == {"evaluation.age_bands": bands}
    assert environment(compiled, "evaluation")[PARAMETERS_FILE] == uri
    assert uri.startswith("s3://abalone-data/sagemaker/abalone-dev/parameters/")
    assert PARAMETERS_FILE not in environment(compiled, "training")
    assert "evaluation-age_bands" not in names(compiled)


@pytest.mark.usefixtures("account")
def test_name_that_no_pipeline_parameter_may_have_travels_as_a_file():
    compiled = compile_with(training={"candidates": {"extra trees": {"estimator": "linear"}}})

    (content,) = set(compiled.files.values())
    assert json.loads(content) == {"training.candidates.extra trees.estimator": "linear"}


@pytest.mark.usefixtures("account")
def test_more_parameters_than_variables_travel_as_files():
    candidates = {f"kernel_{number}": {"estimator": "kernel", "landmarks": number} for number in range(2, 40)}

    compiled = compile_with(training={"candidates": candidates})

    assert names(compiled) == {
        *("champion-version", "landing_batches-version", "tuned_hyperparameters-version"),
        *("evaluation-key", "register"),
    }
    assert len(environment(compiled, "evaluation")) < 20
    file = json.loads(compiled.files[environment(compiled, "ingestion")[PARAMETERS_FILE]])
    assert file == {
        "ingestion.max_quarantined_fraction": 0.05,
        "ingestion.maximum_line_bytes": 10000,
        "ingestion.parts_tolerance": 0.1,
    }
