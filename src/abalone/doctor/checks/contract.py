"""The parameters that Terraform hands on to the pipelines."""

from collections.abc import Iterator

from abalone.doctor.account import Account
from abalone.doctor.finding import Finding, Status

NAMES = (
    "bucket",
    "execution-role",
    "repository",
    "serving-repository",
    "kms-key",
    "model-package-group",
    "pipeline-name",
)


def check(account: Account) -> Iterator[Finding]:
    """Look for every parameter."""
    place = f"{account.prefix}/pipeline"
    missing = [name for name in NAMES if not account.parameters.get(f"pipeline/{name}")]
    if missing:
        yield Finding("parameters", Status.MISSING, f"{place} lacks {', '.join(missing)}", account.apply)
    else:
        yield Finding("parameters", Status.OK, f"{len(NAMES)} in {place}")
