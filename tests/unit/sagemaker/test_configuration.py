import copy
import re

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.configuration import check_configuration, has_digest, load_configuration
from abalone.sagemaker.project import open_project

DIGEST = f"repository@sha256:{'a' * 64}"


@pytest.fixture
def content(account):  # noqa: ARG001 - it acts on the process
    with open_project("prd") as context:
        return copy.deepcopy(dict(context.config_loader["sagemaker"]))


def check(content):
    return check_configuration(content, "sagemaker.yml")


@pytest.mark.usefixtures("account")
def test_environment_is_merged_over_base_and_its_references_are_resolved():
    with open_project("dev") as context:
        configuration = load_configuration(context.config_loader, "dev")

    assert configuration.aws.bucket == "abalone-data"
    assert configuration.aws.execution_role.endswith("role/abalone-job")
    names = {"__default__": "abalone-dev", "monitoring": "abalone-dev-monitoring"}
    assert configuration.aws.sagemaker.pipeline_names_mapping == names
    assert configuration.training is not None
    assert (configuration.training.group, configuration.training.spot) == ("training", True)
    assert configuration.tags == {"project": "abalone", "environment": "dev"}


@pytest.mark.usefixtures("account")
def test_image_and_role_of_the_command_line_take_the_place_of_the_files():
    role = "arn:aws:iam::123456789012:role/other"

    with open_project("dev") as context:
        configuration = load_configuration(context.config_loader, "dev", image=DIGEST, role=role)

    assert (configuration.docker.image, configuration.aws.execution_role) == (DIGEST, role)


def test_unknown_keys_are_refused_by_name_at_every_level(content):
    content["awz"] = {}
    content["training"]["spott"] = True
    content["aws"]["resources"]["training"]["instances"] = 1

    with pytest.raises(AbaloneError) as refused:
        check(content)

    for key in ("awz", "training.spott", "aws.resources.training.instances"):
        assert f"{key} is not the name of a key" in str(refused.value)


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("aws", "bucket", "Not_A_Bucket"),
        ("aws", "execution_role", "abalone-job"),
        ("docker", "image", "an image"),
        ("cache", "expire_after", "30 days"),
        ("retries", "max_attempts", 100),
        ("registration", "approval_status", "Yes"),
        ("registration", "model_package_group", "under_score"),
    ],
)
def test_value_that_aws_would_refuse_is_refused_by_name(content, section, key, value):
    content[section][key] = value

    with pytest.raises(AbaloneError, match=re.escape(f"sagemaker.yml: {section}.{key} = {value!r}")):
        check(content)


def test_missing_key_is_refused_by_name(content):
    del content["cache"]["expire_after"]

    with pytest.raises(AbaloneError, match=r"cache\.expire_after is missing"):
        check(content)


@pytest.mark.parametrize(
    ("section", "key", "variable"),
    [
        ("aws", "bucket", "ABALONE_BUCKET"),
        ("aws", "execution_role", "ABALONE_EXECUTION_ROLE"),
        ("docker", "image", "ABALONE_IMAGE"),
        ("registration", "image", "ABALONE_SERVING_IMAGE"),
    ],
)
def test_value_that_was_never_set_is_refused_with_its_variable(content, section, key, variable):
    content[section][key] = None

    with pytest.raises(AbaloneError, match=rf"{section}\.{key} is not set: export {variable}=…, or .*init"):
        check(content)


def test_image_without_a_digest_is_refused_in_prd(content):
    content["docker"]["image"] = "repository:1.0"

    with pytest.raises(AbaloneError, match=r"docker\.image = 'repository:1\.0' has no digest.*repository@sha256"):
        check(content)


def test_image_of_the_service_without_a_digest_is_refused_in_prd(content):
    content["registration"]["image"] = "service:1.0"

    with pytest.raises(AbaloneError, match=r"registration\.image = 'service:1\.0' has no digest"):
        check(content)


def test_subnets_without_security_groups_are_refused(content):
    content["aws"]["resources"]["training"]["subnets"] = ["subnet-1"]

    with pytest.raises(AbaloneError, match=r"resources\.training has one of subnets and security_group_ids: give both"):
        check(content)


@pytest.mark.parametrize("max_wait", [None, 3599])
def test_spot_training_that_may_not_wait_as_long_as_it_may_run_is_refused(content, max_wait):
    content["training"] |= {"spot": True, "max_wait_seconds": max_wait}

    with pytest.raises(AbaloneError, match=rf"max_wait_seconds = {max_wait} is less than the timeout_seconds .* 3600"):
        check(content)


def test_second_instance_of_a_job_is_refused(content):
    content["aws"]["resources"]["training"]["instance_count"] = 2

    with pytest.raises(AbaloneError, match=r"aws\.resources\.training\.instance_count = 2"):
        check(content)


def test_missing_default_of_the_instance_type_is_refused(content):
    del content["aws"]["resources"]["__default__"]["instance_type"]

    with pytest.raises(AbaloneError, match=r"aws\.resources\.__default__\.instance_type is missing"):
        check(content)


def test_resources_of_a_group_go_before_those_of_a_tag_and_those_by_default(content):
    content["aws"]["resources"] |= {
        "figures": {"instance_type": "ml.c5.large", "volume_gb": 20},
        "evaluation": {"instance_type": "ml.c5.xlarge"},
    }

    resources = check(content).resources_of("evaluation", {"figures"})

    assert (resources.instance_type, resources.volume_gb, resources.timeout_seconds) == ("ml.c5.xlarge", 20, 3600)


def test_only_a_full_digest_is_a_digest():
    assert has_digest(DIGEST)
    assert not has_digest(DIGEST[:-1])
    assert not has_digest("repository:latest")
