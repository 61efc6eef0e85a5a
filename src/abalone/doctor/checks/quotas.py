"""How many instances of the types that `sagemaker.yml` names the account may use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from abalone.doctor.account import Account
from abalone.doctor.finding import Finding, Status

ASK = "aws service-quotas request-service-quota-increase --service-code sagemaker --quota-code {} --desired-value 1"


def check(account: Account) -> Iterator[Finding]:
    """Look for each quota that a run or an endpoint needs; new accounts have many that are 0."""
    pages = account.client("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker")
    quotas = {quota["QuotaName"]: quota for page in pages for quota in page["Quotas"]}
    jobs, endpoints = needed(account.conf, account.env)
    for name in sorted(jobs):
        yield _judge(name, quotas.get(name), Status.MISSING)
    for name in sorted(endpoints):
        yield _judge(name, quotas.get(name), Status.WARNING)


def needed(conf: Path, env: str) -> tuple[set[str], set[str]]:
    """Name the quotas that the jobs need, and those of which the endpoints may need one.

    Args:
        conf: The project's `conf/`.
        env: Name of the environment.
    """
    files = [conf / folder / "sagemaker.yml" for folder in ("base", env)]
    # merged, but not resolved: other keys name variables that need not be set
    merged: Any = OmegaConf.merge(*map(OmegaConf.load, files))
    resources, training, registration = merged.aws.resources, merged.get("training"), merged.get("registration")
    default = resources["__default__"].instance_type
    types = {group: own.get("instance_type") or default for group, own in resources.items()}
    jobs = set()
    if training:
        spot = "spot training" if training.spot else "training"
        jobs.add(f"{types.pop(training.group, default)} for {spot} job usage")
    jobs |= {f"{instance} for processing job usage" for instance in types.values()}
    hosts = registration.inference_instances if registration else ()
    return jobs, {f"{instance} for endpoint usage" for instance in hosts}


def _judge(name: str, quota: dict[str, Any] | None, when_lacking: Status) -> Finding:
    if quota is None:
        return Finding("quota", Status.WARNING, f"AWS does not tell that of {name}", "look it up in Service Quotas")
    if quota["Value"] < 1:
        return Finding("quota", when_lacking, f"{name}: {quota['Value']:g}", ASK.format(quota["QuotaCode"]))
    return Finding("quota", Status.OK, f"{name}: {quota['Value']:g}")
