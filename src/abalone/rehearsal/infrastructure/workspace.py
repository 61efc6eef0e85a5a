"""A copy of the configuration that may be applied without leaving anything beside the original."""

import shutil
import subprocess
import sys
from pathlib import Path

from abalone.errors import AbaloneError

LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
PACKAGES = (("delivery/lambdas/build.py", "build/lambdas.zip"), ("delivery/glue/package.py", "build/glue"))
"""What makes each package that is uploaded, and where Terraform looks for it."""


def copy_environment(repository: Path, environment: str, target: Path) -> Path:
    """Copy what an environment is made of, with its state in a file beside it instead of in a bucket.

    Args:
        repository: Root of the project.
        environment: dev or prd.
        target: Where the copy goes.

    Returns:
        The folder that Terraform is run in.

    Raises:
        AbaloneError: A package cannot be made.
    """
    for name in ("infra/terraform", "delivery"):
        shutil.copytree(repository / name, target / name, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    for program, package in PACKAGES:
        command = [sys.executable, str(repository / program), str(target / package)]
        completed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if completed.returncode != 0:
            raise AbaloneError(f"{program} failed: {completed.stderr.strip()}")
    directory = target / "infra" / "terraform" / "environments" / environment
    (directory / "backend_override.tf").write_text(LOCAL_BACKEND, encoding="utf-8")
    return directory
