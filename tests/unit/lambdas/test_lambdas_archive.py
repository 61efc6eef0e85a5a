"""The archive that AWS Lambda gets."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.project import REPOSITORY

BUILD = REPOSITORY / "delivery" / "lambdas" / "build.py"
HANDLERS = ("launch_etl", "evaluate_endpoint", "register_model", "launch_retraining")


def build(archive: Path, script: Path = BUILD) -> bytes:
    subprocess.run([sys.executable, script, archive], check=True)
    return archive.read_bytes()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Another copy of the sources, with other dates and modes."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "src", tmp_path / "src", ignore=ignore, copy_function=shutil.copyfile)
    shutil.copytree(BUILD.parent, tmp_path / "delivery" / "lambdas", ignore=ignore)
    for path in (tmp_path / "src").rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    return tmp_path


def test_same_sources_give_the_same_bytes_from_any_checkout(checkout: Path, tmp_path: Path) -> None:
    here = build(tmp_path / "here.zip")
    there = build(tmp_path / "there.zip", checkout / "delivery" / "lambdas" / "build.py")

    assert here == there


def test_archive_holds_what_the_functions_import_and_nothing_else(tmp_path: Path) -> None:
    build(tmp_path / "lambdas.zip")

    names = zipfile.ZipFile(tmp_path / "lambdas.zip").namelist()
    outside = {name for name in names if not name.startswith("abalone/lambdas/")}
    assert outside == {"abalone/__init__.py", "abalone/errors.py", "abalone/schema.py"}
    assert names == sorted(names)
    assert all(name.endswith(".py") for name in names)


@pytest.mark.parametrize("function", HANDLERS)
def test_handler_is_imported_from_the_archive_with_boto3_alone(tmp_path: Path, function: str) -> None:
    build(tmp_path / "lambdas.zip")
    statement = (
        f"import sys; sys.path.insert(0, 'lambdas.zip'); from abalone.lambdas import {function}; "
        f"assert 'lambdas.zip' in {function}.__file__; {function}.handler; "
        "assert not {'pandas', 'numpy', 'kedro', 'onnxruntime'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", statement], check=True, cwd=tmp_path)
