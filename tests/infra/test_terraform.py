"""The Terraform code: its form, its types, its documents, and its own tests."""

import re
from pathlib import Path

import pytest

from support.terraform import (
    ENVIRONMENTS,
    INFRASTRUCTURE,
    MODULES,
    ROOTS,
    Terraform,
    named_blocks,
    statements_on_all_resources,
)

pytestmark = pytest.mark.timeout(900)

DOCUMENTED = [*MODULES, INFRASTRUCTURE / "stack"]
FILES = sorted(INFRASTRUCTURE.rglob("*.tf"))
TESTS = sorted(INFRASTRUCTURE.glob("tests/*.tftest.hcl"))


def name(path: Path) -> str:
    return path.relative_to(INFRASTRUCTURE).as_posix()


def table(readme: Path, kind: str) -> list[str]:
    """The names in the first column of a table: its heading, or its corner, says of what kind they are."""
    start = rf"^(?:## {kind.capitalize()}s\n\n\| name|\| {kind}) \|.*\n\|[-| ]+\n"
    found = re.search(rf"{start}((?:\|.*\n)*)", readme.read_text(encoding="utf-8"), re.MULTILINE)
    return re.findall(r"^\| `(\w+)` \|", found[1], re.MULTILINE) if found else []


def test_code_is_formatted(terraform: Terraform) -> None:
    completed = terraform("fmt", "-check", "-recursive", "-diff")

    assert (completed.returncode, completed.stdout) == (0, "")


@pytest.mark.parametrize("root", ROOTS)
def test_root_is_valid_with_every_module_below_it(terraform: Terraform, root: str) -> None:
    terraform.initialise(root, "-backend=false")

    completed = terraform("validate", "-no-color", root=root)

    assert completed.returncode == 0, completed.stderr


def test_every_module_is_part_of_the_stack_and_has_tests() -> None:
    called = {Path(block["source"]).name for block in named_blocks(INFRASTRUCTURE / "stack", "module").values()}

    assert called == {module.name for module in MODULES}
    assert {path.name.removesuffix(".tftest.hcl") for path in TESTS} == called | {"stack", "bootstrap"}


def test_tests_of_the_modules_pass(terraform: Terraform) -> None:
    terraform.initialise()

    completed = terraform("test", "-no-color")

    assert completed.returncode == 0, completed.stdout + completed.stderr


@pytest.mark.parametrize("module", DOCUMENTED, ids=name)
def test_module_has_the_usual_files(module: Path) -> None:
    missing = {"main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"} - {f.name for f in module.iterdir()}

    assert missing == set()


@pytest.mark.parametrize("module", DOCUMENTED, ids=name)
def test_readme_lists_the_inputs_and_outputs(module: Path) -> None:
    readme = module / "README.md"

    assert table(readme, "input") == list(named_blocks(module, "variable"))
    assert table(readme, "output") == list(named_blocks(module, "output"))


@pytest.mark.parametrize("module", [*DOCUMENTED, *(INFRASTRUCTURE / root for root in ROOTS)], ids=name)
def test_variables_have_a_type_and_a_description_and_outputs_a_description(module: Path) -> None:
    variables, outputs = named_blocks(module, "variable"), named_blocks(module, "output")

    assert [label for label, body in variables.items() if not {"type", "description"} <= set(body)] == []
    assert [label for label, body in outputs.items() if "description" not in body] == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_environment_pins_the_provider_exactly(environment: str) -> None:
    (block,) = [
        block
        for file in (INFRASTRUCTURE / "environments" / environment).glob("*.tf")
        for block in re.findall(r"source += \"hashicorp/aws\"\n +version += \"([^\"]+)\"", file.read_text("utf-8"))
    ]

    assert re.fullmatch(r"(= )?\d+\.\d+\.\d+", block)


def test_no_change_is_ignored() -> None:
    assert [name(file) for file in FILES if "ignore_changes" in file.read_text(encoding="utf-8")] == []


def test_every_statement_on_all_resources_says_why() -> None:
    found = statements_on_all_resources()

    assert found
    assert [label for label, reason in found.items() if not reason] == []
