"""State machines as graphs of states, and CloudFormation's linter on their definitions."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support.project import REPOSITORY

DEFINITIONS = sorted((REPOSITORY / "delivery" / "state_machines").glob("*.asl.json"))
ROLE = "arn:aws:iam::123456789012:role/state-machine"

Machine = dict[str, Any]


def read_machine(path: Path) -> Machine:
    """A definition, with each variable that Terraform fills in replaced by its own name."""
    machine: Machine = json.loads(re.sub(r"\$\{(\w+)\}", r"\1", path.read_text(encoding="utf-8")))
    return machine


def lint(machine: Machine, scratch: Path) -> str:
    """What the linter finds in a definition, one finding a line; nothing when it is sound."""
    properties = {"Definition": machine, "RoleArn": ROLE}
    template = {"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}}
    path = scratch / "template.json"
    path.write_text(json.dumps(template), encoding="utf-8")
    linter = Path(sys.executable).with_name("cfn-lint")
    command = [linter, "--regions", "eu-west-1", "--format", "parseable", "--", path]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def graphs(machine: Machine) -> Iterator[Machine]:
    """The machine, and the machines inside its parallel and map states."""
    yield machine
    for state in machine["States"].values():
        for inner in (*state.get("Branches", []), *filter(None, [state.get("ItemProcessor")])):
            yield from graphs(inner)


def successors(state: Machine) -> set[str]:
    """The states that may come after a state."""
    transitions = [state, *state.get("Choices", []), *state.get("Catch", [])]
    return {rule[key] for rule in transitions for key in ("Next", "Default") if key in rule}


def reachable(graph: Machine) -> set[str]:
    """The names that a graph of states can come to from its start, whether they exist or not."""
    found: set[str] = set()
    waiting = {graph["StartAt"]}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= successors(graph["States"].get(name, {})) - found
    return found


def tasks(machine: Machine) -> dict[str, Machine]:
    """The task states, at every depth, by name."""
    return {
        name: state for graph in graphs(machine) for name, state in graph["States"].items() if state["Type"] == "Task"
    }
