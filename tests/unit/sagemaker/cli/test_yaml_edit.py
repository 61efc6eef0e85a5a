import pytest
import yaml

from abalone.errors import AbaloneError
from abalone.sagemaker.cli.yaml_edit import get_value, set_value

TEXT = """\
# of the development account
aws:
  sagemaker:  # names
    pipeline_names_mapping:
      __default__: abalone-dev
  bucket: ${oc.env:ABALONE_BUCKET}  # by Terraform
tags:
  environment: dev
"""


def test_value_is_replaced_and_everything_else_stays() -> None:
    assert set_value(TEXT, "aws.bucket", "data") == TEXT.replace("${oc.env:ABALONE_BUCKET}", "data")


def test_value_is_added_to_a_section_that_is_there() -> None:
    text = set_value(TEXT, "aws.execution_role", "arn:aws:iam::123456789012:role/abalone")

    assert text.startswith(
        "# of the development account\naws:\n  execution_role: arn:aws:iam::123456789012:role/abalone\n"
    )
    assert set(yaml.safe_load(text)["aws"]) == {"execution_role", "sagemaker", "bucket"}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "tags:\n  environment: dev"])
def test_section_that_is_not_there_is_added(text: str) -> None:
    added = set_value(text, "docker.image", "abalone@sha256:00")

    assert added.startswith(text)
    assert get_value(added, "docker.image") == "abalone@sha256:00"


@pytest.mark.parametrize("text", ["", "bucket: before\n", "data: s3://${bucket}/data\n"])
def test_value_may_stand_in_no_section(text: str) -> None:
    added = set_value(text, "bucket", "after")

    assert get_value(added, "bucket") == "after"
    assert get_value(added, "data") == get_value(text, "data")


@pytest.mark.parametrize("value", ["0123456789", "true", "a: b", "# no comment", "it's"])
def test_value_that_yaml_would_read_otherwise_is_quoted(value: str) -> None:
    assert get_value(set_value(TEXT, "aws.bucket", value), "aws.bucket") == value


@pytest.mark.parametrize("text", ["aws: {}\n", "aws:\n", "aws: [a]\n"])
def test_section_that_takes_no_line_is_refused(text: str) -> None:
    with pytest.raises(AbaloneError, match=r"write aws\.bucket there by hand"):
        set_value(text, "aws.bucket", "data")


def test_key_that_is_not_there_has_no_value() -> None:
    assert get_value(TEXT, "docker.image") is None
    assert get_value("", "docker.image") is None
