"""What the services of the shim keep."""

from typing import Any
from uuid import uuid4

from abalone.rehearsal.isolation import ACCOUNT, REGION
from abalone.rehearsal.shim.errors import RefusedError

Document = dict[str, Any]
"""A request, an answer or a part of one, as boto3 has it."""


def arn(service: str, resource: str) -> str:
    """Return the ARN of a resource of this account."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def new_id() -> str:
    """Return an identifier that nothing else has."""
    return str(uuid4())


class Records(dict[str, Document]):
    """Documents by name, with the errors of their service."""

    def __init__(self, missing: str, taken: str = "") -> None:
        super().__init__()
        self._missing = missing
        self._taken = taken

    def find(self, name: str) -> Document:
        """Return what has the name.

        Raises:
            RefusedError: Nothing has it.
        """
        if name not in self:
            raise RefusedError(self._missing, f"{name} does not exist")
        return self[name]

    def add(self, name: str, document: Document) -> Document:
        """Keep a document under a name, and return it.

        Raises:
            RefusedError: Another one has the name.
        """
        if name in self:
            raise RefusedError(self._taken, f"{name} exists already")
        self[name] = document
        return document


class Tags:
    """Tags of resources, which some services list as `Key` and others as `key`."""

    def __init__(self, key: str = "Key", value: str = "Value") -> None:
        self._key = key
        self._value = value
        self._tags: dict[str, dict[str, str]] = {}

    def add(self, resource: str, tags: list[dict[str, str]] | None) -> None:
        """Set tags of a resource, by its ARN."""
        self._tags.setdefault(resource, {}).update({tag[self._key]: tag[self._value] for tag in tags or []})

    def remove(self, resource: str, keys: list[str]) -> None:
        """Remove tags of a resource."""
        for key in keys:
            self._tags.get(resource, {}).pop(key, None)

    def list(self, resource: str) -> "list[dict[str, str]]":
        """Return the tags of a resource."""
        return [{self._key: key, self._value: value} for key, value in self._tags.get(resource, {}).items()]
