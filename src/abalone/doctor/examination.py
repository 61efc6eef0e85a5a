"""All checks, one after the other."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from abalone.doctor.account import Account
from abalone.doctor.checks import (
    bucket,
    contract,
    identity,
    key,
    pipeline,
    quotas,
    registry,
    release,
    repositories,
    role,
)
from abalone.doctor.finding import Finding
from abalone.errors import AbaloneError

CHECKS: dict[str, Callable[[Account], Iterator[Finding]]] = {
    "parameters": contract.check,
    "bucket": bucket.check,
    "key": key.check,
    "execution role": role.check,
    "images": repositories.check,
    "model package group": registry.check,
    "quotas": quotas.check,
    "pipeline": pipeline.check,
    "release": release.check,
}
"""By what they look at. What depends on a parameter that is missing finds nothing."""


def examine(env: str, conf: Path) -> Sequence[Finding]:
    """Look through the account in use.

    Args:
        env: Name of the environment.
        conf: The project's `conf/`.

    Returns:
        The findings. Without credentials or a region, there are no others.

    Raises:
        AbaloneError: There is no such environment, or boto3 is not installed.
    """
    if not (conf / env / "sagemaker.yml").is_file():
        raise AbaloneError(f"{conf / env} has no sagemaker.yml: run in the project's folder, with --env dev or prd")
    session, findings = identity.check()
    if session is None:
        return findings
    account = Account(env, conf, session)
    for subject, check in CHECKS.items():
        findings.extend(_guarded(subject, check, account))
    return findings


def _guarded(subject: str, check: Callable[[Account], Iterator[Finding]], account: Account) -> list[Finding]:
    """Run a check; what AWS refuses to tell is a finding of its own, and does not hide the others."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - the identity was checked with it

    findings: list[Finding] = []
    try:
        findings.extend(check(account))
    except (BotoCoreError, ClientError) as error:
        findings.append(identity.refused(subject, error))
    return findings
