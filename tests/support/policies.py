"""Policies of IAM, as far as the infrastructure uses their language."""

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from support.terraform import Resource


@dataclass(frozen=True)
class Statement:
    """A statement of a policy, with lists where the language allows single values."""

    effect: str
    actions: list[str]
    resources: list[str]
    conditions: dict[str, dict[str, Any]]
    principals: dict[str, Any]
    sid: str
    negated: bool

    def covers(self, action: str) -> bool:
        return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in self.actions)


@dataclass(frozen=True)
class Role:
    """A role, by name, with who may take it on and what it may do."""

    address: str
    trust: list[Statement]
    policy: list[Statement]

    def allows(self, action: str) -> bool:
        """Whether it may do this to some resource."""
        return any(statement.effect == "Allow" and statement.covers(action) for statement in self.policy)


def statements(document: str) -> list[Statement]:
    return [
        Statement(
            effect=statement["Effect"],
            actions=_listed(statement.get("Action")),
            resources=_listed(statement.get("Resource")),
            conditions=statement.get("Condition", {}),
            principals=statement.get("Principal", {}),
            sid=statement.get("Sid", ""),
            negated=bool({"NotAction", "NotResource", "NotPrincipal"} & set(statement)),
        )
        for statement in _listed(json.loads(document)["Statement"])
    ]


def roles(resources: list[Resource]) -> dict[str, Role]:
    """Every role of a state, by the address of its resource without the stack's."""
    found = {
        resource.values["name"]: Role(
            resource.address.removeprefix("module.abalone."), statements(resource.values["assume_role_policy"]), []
        )
        for resource in resources
        if resource.type == "aws_iam_role"
    }
    for resource in resources:
        if resource.type == "aws_iam_role_policy":
            found[resource.values["role"]].policy.extend(statements(resource.values["policy"]))
    return {role.address: role for role in found.values()}


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
