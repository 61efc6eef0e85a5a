"""Terraform on a copy of the infrastructure: what it fetches and locks stays out of the tree."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hcl2

from abalone.rehearsal.infrastructure.mirror import find_mirror
from abalone.rehearsal.infrastructure.workspace import LOCAL_BACKEND, copy_environment
from abalone.rehearsal.local_aws import ACCOUNT, REGION
from support.project import REPOSITORY
from support.tools import require_terraform

INFRASTRUCTURE = REPOSITORY / "infra" / "terraform"
MODULES = sorted(path.parent for path in INFRASTRUCTURE.glob("modules/*/main.tf"))
ENVIRONMENTS = ("dev", "prd")
ROOTS = (*(f"environments/{name}" for name in ENVIRONMENTS), "bootstrap")
"""What is initialised and applied, from the infrastructure's folder."""

TIMEOUT_SECONDS = 600
IDENTIFIERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "aws_iam_role": lambda values: str(values["name"]),
    "aws_launch_template": lambda _: "lt-00000000000000000",
}
"""Of types whose identifier others read, or check."""

STATEMENT = re.compile(
    r"(?P<reason>(?:^ *#[^\n]*\n)*)^(?P<indent> *)statement \{\n(?P<body>.*?)^(?P=indent)\}", re.MULTILINE | re.DOTALL
)
"""A statement of a policy, with the comment above it; the code is formatted."""

LITERALS = hcl2.SerializationOptions(
    with_comments=False, explicit_blocks=False, preserve_heredocs=False, strip_string_quotes=True
)


@dataclass(frozen=True)
class Resource:
    """A resource of a plan or a state: what is known of it, and, of a plan, what AWS would decide."""

    address: str
    type: str
    values: dict[str, Any]
    unknown: dict[str, Any]


@dataclass(frozen=True)
class Terraform:
    """Terraform on the copy `infra/terraform` of the folder `copy`."""

    copy: Path

    def directory(self, root: str) -> Path:
        return self.copy / "infra" / "terraform" / root

    def __call__(
        self, *arguments: str, root: str = ".", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["terraform", *arguments],
            cwd=self.directory(root),
            env={**clean_environment(), **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )

    def initialise(self, root: str = ".", *arguments: str) -> None:
        mirror = find_mirror()
        plugins = [f"-plugin-dir={mirror}"] if mirror else []
        completed = self("init", "-no-color", "-input=false", *plugins, *arguments, root=root)
        assert completed.returncode == 0, completed.stderr

    def plan(self, environment: str, env: Mapping[str, str]) -> list[Resource]:
        """What Terraform would make in an empty account; what AWS would decide is left out."""
        root = self.root_with_local_state(environment)
        planned = self("plan", "-no-color", "-input=false", "-lock=false", "-out=plan", root=root, env=env)
        assert planned.returncode == 0, planned.stderr
        plan = json.loads(self("show", "-json", "plan", root=root).stdout)
        return [
            Resource(change["address"], change["type"], change["change"]["after"], change["change"]["after_unknown"])
            for change in plan["resource_changes"]
            if change["mode"] == "managed"
        ]

    def render(self, environment: str, env: Mapping[str, str]) -> list[Resource]:
        """What Terraform would make, with every policy written out: AWS's part is made up, and nothing is made.

        An ARN ends in the address of its resource.
        """
        planned = self.plan(environment, env)
        root = self.root_with_local_state(environment)
        test = self.directory(root) / "tests" / "rendered.tftest.hcl"
        test.parent.mkdir()
        test.write_text(f'run "rendered" {{\n{"".join(map(_override, planned))}}}\n', encoding="utf-8")
        completed = self("test", "-no-color", "-json", "-verbose", root=root, env=env)
        assert completed.returncode == 0, completed.stdout[-5000:]
        (state,) = (
            message["test_state"]
            for message in map(json.loads, completed.stdout.splitlines())
            if "test_state" in message
        )
        return list(_resources(state["root_module"]))

    def root_with_local_state(self, environment: str) -> str:
        """The folder of an environment, initialised, whose state is a file of the copy."""
        root = f"environments/{environment}"
        self.directory(root).joinpath("backend_override.tf").write_text(LOCAL_BACKEND, encoding="utf-8")
        self.initialise(root)
        return root


def terraform_on_copy(directory: Path) -> Terraform:
    """Copy what Terraform reads into a folder; skips the test, or fails it in CI, where Terraform is missing."""
    require_terraform()
    # The other environments and the modules come with it.
    copy_environment(REPOSITORY, ENVIRONMENTS[0], directory)
    return Terraform(directory)


def clean_environment() -> dict[str, str]:
    """The environment without what directs Terraform or AWS elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
    return {**kept, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}


def statements_on_all_resources() -> dict[str, str]:
    """The comment above each statement of a policy that is about all resources, by file and name."""
    found = {}
    for file in sorted(INFRASTRUCTURE.rglob("*.tf")):
        for statement in STATEMENT.finditer(file.read_text(encoding="utf-8")):
            if re.search(r'resources += \["\*"\]', statement["body"]):
                (sid,) = re.findall(r'sid += "([^"]*)"', statement["body"])
                found[f"{file.relative_to(INFRASTRUCTURE).as_posix()}: {sid}"] = statement["reason"]
    return found


def named_blocks(directory: Path, kind: str) -> dict[str, dict[str, Any]]:
    """The blocks of a kind that has one label, such as `variable`, by this label."""
    parsed = (
        hcl2.loads(file.read_text(encoding="utf-8"), serialization_options=LITERALS)
        for file in sorted(directory.glob("*.tf"))
    )
    return {label: body for blocks in parsed for block in blocks.get(kind, []) for label, body in block.items()}


def _override(resource: Resource) -> str:
    """The text by which `terraform test` takes a resource for made."""
    place = resource.address.removeprefix("module.abalone.").replace('"', "")
    arn = f"arn:aws:{resource.type.split('_')[1]}:{REGION}:{ACCOUNT}:{place}"
    values = {name: arn for name, unknown in resource.unknown.items() if name == "arn" and unknown is True}
    if resource.type in IDENTIFIERS:
        values["id"] = IDENTIFIERS[resource.type](resource.values)
    return f"override_resource {{\n  target = {resource.address}\n  values = {json.dumps(values)}\n}}\n"


def _resources(module: dict[str, Any]) -> Iterator[Resource]:
    for resource in module.get("resources", []):
        if resource["mode"] == "managed":
            yield Resource(resource["address"], resource["type"], resource["values"], {})
    for child in module.get("child_modules", []):
        yield from _resources(child)
