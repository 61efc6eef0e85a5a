"""The infrastructure, as checkov's rules see it."""

import json
import os
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from support.project import REPOSITORY
from support.terraform import INFRASTRUCTURE
from support.tools import give_up

pytestmark = pytest.mark.timeout(900)

REVIEWED = INFRASTRUCTURE / ".checkov.yml"
INSTALLED = REPOSITORY / ".venv" / "tools" / "checkov" / "bin" / "checkov"
MOST_REVIEWED = 9


@pytest.fixture(scope="module")
def checkov() -> str:
    found = os.environ.get("ABALONE_CHECKOV") or shutil.which("checkov") or shutil.which(INSTALLED)
    if found is None:
        give_up("checkov is missing: `pipx install checkov`, or name it in ABALONE_CHECKOV")
    return found


@pytest.fixture(scope="module")
def report(checkov: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What checkov says when nothing is exempt: of a copy, as it reads the settings that lie beside the code."""
    code = tmp_path_factory.mktemp("checkov") / "terraform"
    shutil.copytree(INFRASTRUCTURE, code, ignore=shutil.ignore_patterns(".*", "tests"))
    command = [
        checkov,
        "--framework",
        "terraform",
        "--skip-download",
        "--directory",
        code,
        "--output",
        "json",
        "--quiet",
    ]
    # Its parser gives up after 10 s of the clock, which a file may take on a busy machine.
    environment = {**os.environ, "HCL_PARSE_TIMEOUT_SEC": "120"}
    completed = subprocess.run(command, cwd=code, env=environment, capture_output=True, text=True, check=False)
    assert completed.stdout, completed.stderr
    whole: dict[str, Any] = json.loads(completed.stdout)
    return whole


def reviewed() -> list[str]:
    rules: list[str] = yaml.safe_load(REVIEWED.read_text(encoding="utf-8"))["skip-check"]
    return rules


def test_checkov_fails_nothing_that_is_not_reviewed(report: dict[str, Any]) -> None:
    failed = {
        f"{check['check_id']} {check['resource']} ({check['check_name']})"
        for check in report["results"]["failed_checks"]
        if check["check_id"] not in reviewed()
    }

    assert report["summary"]["parsing_errors"] == 0
    assert failed == set()


def test_every_reviewed_rule_is_still_needed(report: dict[str, Any]) -> None:
    failing = {check["check_id"] for check in report["results"]["failed_checks"]}

    assert set(reviewed()) <= failing


def test_every_reviewed_rule_has_a_reason_and_they_are_few() -> None:
    reasons = re.findall(r"^ +- (CKV2?_AWS_\d+) # \w.{30,}$", REVIEWED.read_text(encoding="utf-8"), re.MULTILINE)

    assert reasons == reviewed()
    assert len(reasons) <= MOST_REVIEWED


def test_no_rule_is_exempt_elsewhere() -> None:
    files = [path for path in INFRASTRUCTURE.rglob("*.tf") if "checkov:skip" in path.read_text(encoding="utf-8")]

    assert files == []


def test_configuration_is_of_terraform_alone() -> None:
    settings = yaml.safe_load(REVIEWED.read_text(encoding="utf-8"))

    assert settings["framework"] == ["terraform"]
