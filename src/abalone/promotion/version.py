"""A version of the model, as a person chooses among them."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What has become of a version."""

    CHAMPION = "champion"
    PREVIOUS = "previous"
    CANDIDATE = "candidate"
    REJECTED = "rejected"
    UNKNOWN = "not evaluated"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class ModelVersion:
    """A version of the model; None where nobody knows.

    Attributes:
        version: Its name.
        status: What has become of it.
        created: When it was trained, ISO 8601.
        candidate: Name of the candidate that was selected.
        rows: Animals that it was trained on.
        training_data: SHA-256 of them.
        random_rmse: By cross-validation among animals of known sites, in rings.
        new_site_rmse: The same where a site was left out.
        test_rmse: On the test table, in rings.
        coverage: Share of the test animals whose interval contains their rings.
        detail: Why the gate or the registry refused it, or what is wrong with it.
        package: ARN of its model package.
        approval: Approval status of that package.
        on_hosts: Whether the hosts are told to serve it.
    """

    version: str
    status: Status
    created: str | None = None
    candidate: str | None = None
    rows: int | None = None
    training_data: str | None = None
    random_rmse: float | None = None
    new_site_rmse: float | None = None
    test_rmse: float | None = None
    coverage: float | None = None
    detail: str = ""
    package: str | None = None
    approval: str | None = None
    on_hosts: bool | None = None
