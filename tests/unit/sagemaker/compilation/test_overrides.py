import pytest

from abalone.sagemaker.compilation import compile_pipeline
from abalone.sagemaker.compilation.overrides import overrides
from abalone.sagemaker.project import open_project


def definition(**parameters):
    with open_project("dev", parameters) as context:
        return compile_pipeline(context).definition


@pytest.mark.usefixtures("account")
def test_other_values_are_parameters_of_the_execution():
    assert overrides(definition(), definition(training={"random_state": 1})) == {"training-random_state": "1"}


@pytest.mark.usefixtures("account")
def test_same_values_need_none():
    assert overrides(definition(), definition()) == {}


@pytest.mark.parametrize(
    "parameters",
    [{"evaluation": {"age_bands": list(range(1, 101))}}, {"training": {"candidates": {"new": {"estimator": "mean"}}}}],
)
@pytest.mark.usefixtures("account")
def test_other_names_and_large_values_need_another_definition(parameters):
    assert overrides(definition(), definition(**parameters)) is None
