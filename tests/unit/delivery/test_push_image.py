"""The script that pushes an image, in a git checkout; stand-ins are in the place of Docker and the AWS command line."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from support import registry_standins
from support.project import REPOSITORY

SCRIPT = REPOSITORY / "delivery" / "push_image.sh"
IDENTITY = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "tests"), ("EMAIL", "tests@example.com"))
}


@dataclass(frozen=True)
class Checkout:
    """A git repository, and a registry that stand-ins keep in a folder."""

    source: Path
    registry: Path

    @property
    def env(self) -> dict[str, str]:
        return {
            **IDENTITY,
            "PATH": f"{self.registry}:{os.environ['PATH']}",
            "STANDINS": str(self.registry),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.source, env=self.env, capture_output=True, text=True, check=True
        ).stdout.strip()

    def commit(self) -> str:
        self.git("add", ".")
        self.git("commit", "--allow-empty", "--message", "Change")
        return self.git("rev-parse", "HEAD")

    def push(self, commit: str) -> "subprocess.CompletedProcess[str]":
        command = [SCRIPT, "job", f"{registry_standins.REGISTRY}/abalone", commit]
        return subprocess.run(command, cwd=self.source, env=self.env, capture_output=True, text=True, check=False)

    def was_asked(self) -> bool:
        return (self.registry / "calls.jsonl").exists()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    checkout = Checkout(tmp_path / "source", tmp_path / "registry")
    checkout.source.mkdir()
    registry_standins.install(checkout.registry)
    (checkout.source / "Dockerfile").write_text("FROM python AS job\n")
    (checkout.source / "model.py").write_text("committed")
    checkout.git("init", "--quiet")
    return checkout


def test_image_of_a_clean_checkout_is_pushed(checkout: Checkout) -> None:
    commit = checkout.commit()
    (checkout.source / "untracked.json").write_text("{}")

    pushed = checkout.push(commit)

    assert pushed.returncode == 0, pushed.stderr
    assert pushed.stdout.startswith(f"{registry_standins.REGISTRY}/abalone@sha256:")


def test_commit_that_is_not_checked_out_is_refused(checkout: Checkout) -> None:
    asked_for = checkout.commit()
    head = checkout.commit()

    pushed = checkout.push(asked_for)

    assert pushed.returncode == 1
    assert pushed.stderr == (
        f"push_image.sh: {head} is checked out and not {asked_for}: run `git checkout {asked_for}` first\n"
    )
    assert not checkout.was_asked()


@pytest.mark.parametrize("staged", [False, True])
def test_checkout_with_changes_is_refused(checkout: Checkout, staged: bool) -> None:
    commit = checkout.commit()
    for name in ("Dockerfile", "model.py"):
        (checkout.source / name).write_text("changed")
    if staged:
        checkout.git("add", ".")

    pushed = checkout.push(commit)

    assert pushed.returncode == 1
    assert pushed.stderr == (
        f"push_image.sh: the image would not be that of {commit}: commit or stash Dockerfile, model.py\n"
    )
    assert not checkout.was_asked()


def test_source_without_its_history_is_taken_as_it_is(checkout: Checkout) -> None:
    commit = checkout.commit()
    shutil.rmtree(checkout.source / ".git")
    (checkout.source / "model.py").write_text("changed")

    pushed = checkout.push(commit)

    assert pushed.returncode == 0, pushed.stderr
