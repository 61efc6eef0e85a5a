"""What is refused before anything is deployed."""

import copy
import re

import pytest
from kedro.pipeline import Node, Pipeline

from abalone.errors import AbaloneError
from abalone.sagemaker.compilation import compile_pipeline
from abalone.sagemaker.compilation.checks import check_definition, check_groups
from abalone.sagemaker.compilation.parameters import common_variables
from abalone.sagemaker.configuration import check_configuration
from abalone.sagemaker.grouping import group_nodes
from abalone.sagemaker.project import open_project
from support.golden import ACCOUNT

PIPELINE = Pipeline(
    [
        Node(lambda *args: args, "raw", ["table", "scratch"], name="one"),
        Node(lambda *args: args, "table", "report", name="two"),
    ]
)
CATALOG = {
    "raw": {"type": "text.TextDataset", "filepath": "s3://bucket/raw.txt"},
    "{name}able": {"type": "text.TextDataset", "filepath": "s3://bucket/{name}able.txt"},
    "report": {"type": "text.TextDataset", "filepath": "s3://bucket/report.txt"},
}


@pytest.fixture
def content(account):  # noqa: ARG001 - it acts on the process
    """`sagemaker.yml` of dev, without the sections that the pipeline of these tests has no use for."""
    with open_project("dev") as context:
        given = dict(context.config_loader["sagemaker"])
    resources = {"__default__": given["aws"]["resources"]["__default__"]}
    return {**given, "aws": {**given["aws"], "resources": resources}, "training": None, "evaluation": None}


def check(content, pipeline=PIPELINE, catalog=CATALOG):
    configuration = check_configuration(content, "sagemaker.yml")
    check_groups(group_nodes(pipeline, configuration.groups), configuration, catalog, "dev")


def without(name):
    return {key: config for key, config in CATALOG.items() if key != name}


def test_datasets_on_s3_pass_also_by_a_factory_pattern(content):
    check(content)


def test_dataset_in_memory_between_two_jobs_is_refused(content):
    with pytest.raises(AbaloneError, match="dataset 'table' lives in memory and would be lost between one and two"):
        check(content, catalog=without("{name}able"))


def test_memory_dataset_of_the_catalog_between_two_jobs_is_refused(content):
    with pytest.raises(AbaloneError, match="dataset 'table' lives in memory"):
        check(content, catalog={**CATALOG, "table": {"type": "MemoryDataset"}})


def test_dataset_in_memory_within_one_job_passes(content):
    check({**content, "groups": {"both": ["one", "two"]}}, catalog=without("{name}able"))


def test_dataset_at_a_local_path_is_refused(content):
    local = {"type": "text.TextDataset", "filepath": "data/report.txt"}

    with pytest.raises(AbaloneError, match=r"'report' at data/report.txt would be on the local disk.*s3://"):
        check(content, catalog={**CATALOG, "report": local})


def test_name_that_sagemaker_refuses_is_refused(content):
    pipeline = Pipeline([Node(lambda raw: raw, "raw", "report", name="not.a.step")])

    with pytest.raises(AbaloneError, match=r"'not\.a\.step' cannot be the name of a SageMaker step: rename"):
        check(content, pipeline)


def test_network_isolation_of_a_job_that_needs_s3_is_refused(content):
    content["aws"]["resources"]["two"] = {"network_isolation": True}

    with pytest.raises(AbaloneError, match="two cannot have network_isolation: it reads or writes 'report' on S3"):
        check(content)


def test_resources_of_an_unknown_group_are_refused(content):
    content["aws"]["resources"]["tow"] = {"instance_type": "ml.m5.large"}

    with pytest.raises(AbaloneError, match=r"aws\.resources\.tow .* is no group and no tag: choose from one, two"):
        check(content)


def test_training_group_that_does_not_write_the_artifact_is_refused(content):
    content["training"] = {"group": "one", "artifact": "report"}

    with pytest.raises(AbaloneError, match=r"two writes 'report'.*write training\.group: two"):
        check(content)


def test_artifact_that_nobody_writes_is_refused(content):
    content["training"] = {"group": "one", "artifact": "model"}

    with pytest.raises(AbaloneError, match=r"training\.artifact .* names 'model', which one does not write"):
        check(content)


def test_training_and_evaluation_in_one_job_are_refused(content):
    content["training"] = {"group": "one", "artifact": "table"}
    content["evaluation"] = {"group": "one", "gate": "table", "metrics": "table", "report": "table"}

    with pytest.raises(AbaloneError, match="are one job: the gate needs a processing job"):
        check(content)


@pytest.fixture
def definition(compiled):
    return copy.deepcopy(compiled.definition)


def test_more_than_100_variables_are_refused(definition):
    definition["Steps"][0]["Arguments"]["Environment"] |= {f"V{number}": "" for number in range(100)}

    with pytest.raises(AbaloneError, match="ingestion has 109 environment variables, SageMaker takes 100"):
        check_definition(definition, "abalone")


def test_variable_over_256_characters_is_refused(definition):
    definition["Steps"][0]["Arguments"]["Environment"]["LONG"] = "x" * 257

    with pytest.raises(AbaloneError, match="variable LONG has 257 characters, SageMaker takes 256"):
        check_definition(definition, "abalone")


def test_two_pipeline_parameters_of_one_name_are_refused(definition):
    definition["Parameters"].append({"Name": "register", "Type": "String"})

    with pytest.raises(AbaloneError, match="two pipeline parameters would have the name register: rename"):
        check_definition(definition, "abalone")


def test_name_of_a_variable_that_no_shell_takes_is_refused(definition):
    definition["Steps"][0]["Arguments"]["Environment"]["A-B"] = "x"

    with pytest.raises(AbaloneError, match="'A-B' cannot be the name of an environment variable"):
        check_definition(definition, "abalone")


def test_project_on_local_files_is_refused_by_the_name_of_its_first_dataset(account):
    account.setenv("ABALONE_IMAGE", "abalone:1")

    with (
        open_project("base") as context,
        pytest.raises(AbaloneError, match=re.escape("aws.bucket is not set: export ABALONE_BUCKET")),
    ):
        compile_pipeline(context)


@pytest.mark.usefixtures("account")
def test_pipeline_without_a_name_in_sagemaker_is_refused():
    with open_project("dev") as context, pytest.raises(AbaloneError, match="has no name for 'tuning'"):
        compile_pipeline(context, pipeline="tuning")


def test_missing_region_is_refused(account):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        account.delenv(name)
    account.setenv("AWS_CONFIG_FILE", "none")

    with open_project("dev") as context, pytest.raises(AbaloneError, match="is set: export AWS_DEFAULT_REGION"):
        compile_pipeline(context)


def test_variables_that_the_project_reads_travel_to_its_jobs_but_no_credentials(content, tmp_path):
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "globals.yml").write_text("a: ${oc.env:ABALONE_GIT_COMMIT}\nb: ${oc.env:NOT_SET,default}\n")
    (tmp_path / "base" / "sagemaker.yml").write_text("a: ${oc.env:ABALONE_SERVING_IMAGE}\n")

    (tmp_path / "base" / "credentials.yml").write_text("a: ${oc.env:ABALONE_KMS_KEY}\n")
    configuration = check_configuration({**content, "environment": {"MORE": "1"}}, "sagemaker.yml")

    variables = common_variables(configuration, "eu-west-1", tmp_path, "dev")

    assert variables == {
        "ABALONE_IMAGE": ACCOUNT["ABALONE_IMAGE"],
        "AWS_DEFAULT_REGION": "eu-west-1",
        "ABALONE_BUCKET": "abalone-data",
        "ABALONE_GIT_COMMIT": "0" * 40,
        "MORE": "1",
    }
