"""Where a provider of Terraform is found on machines without a network."""

from pathlib import Path

import pytest

from abalone.rehearsal.infrastructure.mirror import find_mirror


def test_unpacked_mirror_is_found_below_a_folder_of_the_system(tmp_path: Path) -> None:
    mirror = tmp_path / "plugins"
    (mirror / "registry.invalid" / "hashicorp" / "aws").mkdir(parents=True)

    assert find_mirror((str(tmp_path / "nowhere"), str(tmp_path))) == mirror


def test_mirror_in_the_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    mirror = tmp_path / ".terraform.d" / "plugins"
    (mirror / "registry.invalid" / "hashicorp" / "aws").mkdir(parents=True)

    assert find_mirror(("~/.terraform.d",)) == mirror


def test_machine_without_a_mirror_has_none(tmp_path: Path) -> None:
    assert find_mirror((str(tmp_path),)) is None
