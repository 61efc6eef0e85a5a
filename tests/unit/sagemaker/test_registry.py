from collections.abc import Iterator

import pytest

from abalone.sagemaker import registry
from support.sagemaker_account import Account, new_account

GROUP = "abalone-dev"
PAGE = 100  # of what the server lists


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with new_account() as aws:
        for name, value in aws.env.items():
            monkeypatch.setenv(name, value)
        yield aws


def add_group(account: Account, name: str = GROUP) -> None:
    account.sagemaker.create_model_package_group(ModelPackageGroupName=name)


def register(account: Account, *keys: str | None) -> None:
    """Register a model for each key, or one that says nothing of its evaluation."""
    sagemaker = account.sagemaker
    for key in keys:
        metadata = {} if key is None else {"CustomerMetadataProperties": {registry.TRAINING_KEY_METADATA: key}}
        sagemaker.create_model_package(ModelPackageGroupName=GROUP, **metadata)


@pytest.mark.usefixtures("account")
def test_group_that_does_not_exist_has_no_model() -> None:
    assert not registry.is_registered(GROUP, "a1b2")


def test_group_whose_name_only_contains_the_one_asked_for_is_another_one(account: Account) -> None:
    add_group(account, f"{GROUP}-of-another")

    assert not registry.is_registered(GROUP, "a1b2")


def test_model_is_known_by_the_key_of_its_evaluation(account: Account) -> None:
    add_group(account)
    register(account, "a1b2", None, "c3d4")

    assert registry.is_registered(GROUP, "a1b2")
    assert not registry.is_registered(GROUP, "e5f6")


def test_group_is_found_behind_a_page_of_others(account: Account) -> None:
    sagemaker = account.sagemaker
    for number in range(PAGE):
        sagemaker.create_model_package_group(ModelPackageGroupName=f"{GROUP}-{number}")
    add_group(account)
    register(account, "a1b2")

    assert registry.is_registered(GROUP, "a1b2")


def test_only_the_newest_models_are_looked_through(account: Account) -> None:
    add_group(account)
    register(account, "oldest", "second", *["newer"] * (registry.LOOKED_THROUGH - 1))

    assert registry.is_registered(GROUP, "second")
    assert not registry.is_registered(GROUP, "oldest")
