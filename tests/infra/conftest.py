"""Terraform, on a copy of the infrastructure for each module of tests."""

import pytest

from support.terraform import Terraform, terraform_on_copy


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    return terraform_on_copy(tmp_path_factory.mktemp("terraform"))
