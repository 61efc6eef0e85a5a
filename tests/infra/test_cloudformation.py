"""The template of the endpoints, as CloudFormation's linter reads it."""

import subprocess
import sys
from pathlib import Path

from support.project import REPOSITORY

TEMPLATES = sorted((REPOSITORY / "delivery" / "cloudformation").glob("*.yml"))


def test_linter_of_templates_finds_nothing() -> None:
    linter = Path(sys.executable).with_name("cfn-lint")

    completed = subprocess.run(
        [linter, "--regions", "eu-west-1", "--", *TEMPLATES], capture_output=True, text=True, check=False
    )

    assert TEMPLATES
    assert (completed.returncode, completed.stdout, completed.stderr) == (0, "", "")
