"""How parameters reach the jobs, small and large."""

import json

import pytest
from kedro.pipeline import Node, Pipeline

from abalone.sagemaker.compilation import compile_pipeline
from abalone.sagemaker.compilation.parameters import JobVariables
from abalone.sagemaker.grouping import group_nodes
from abalone.sagemaker.job_parameters import PARAMETERS_FILE
from abalone.sagemaker.project import open_project
from abalone.sagemaker.steps import all_steps


def compile_with(**parameters):
    with open_project("dev", parameters) as context:
        return compile_pipeline(context)


def environment(compiled, job):
    return next(step for step in all_steps(compiled.definition) if step["Name"] == job)["Arguments"]["Environment"]


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


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("training.candidates.new.estimator", {"candidates": {"new": {"estimator": "mean"}}}),
        ("training.candidates.kernel.ridge", {"candidates": {"kernel": {"ridge": "text"}}}),
        ("training.candidates.kernel.estimator", {"candidates": {"kernel": {"estimator": 1}}}),
    ],
)
@pytest.mark.usefixtures("account")
def test_name_or_kind_that_the_configuration_of_the_image_lacks_travels_as_a_file(name, parameters):
    compiled = compile_with(training=parameters)

    (content,) = set(compiled.files.values())
    assert list(json.loads(content)) == [name]


def test_more_parameters_than_variables_travel_as_files():
    pipeline = Pipeline(
        [
            Node(lambda *args: args, ["raw", "params:few"], "table", name="first"),
            Node(lambda *args: args, ["table", "params:many"], "report", name="second"),
        ]
    )
    leaves = {"few": 1, **{f"many.p{number}": number for number in range(99)}}

    variables = JobVariables(group_nodes(pipeline, {}), leaves, leaves, "s3://bucket/sagemaker/p", {})

    assert {parameter.name for parameter in variables.pipeline_parameters} == {
        *("raw-version", "training-key", "register"),
    }
    first, second = (variables.of(name)[PARAMETERS_FILE] for name in ("first", "second"))
    assert json.loads(variables.files[first]) == {"few": 1}
    assert json.loads(variables.files[second]) == leaves
