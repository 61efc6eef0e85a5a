"""Versions of the model that are made at once, on disk, on S3 and in the registry, each with the gate's verdict."""

import dataclasses
import json
from pathlib import Path

from abalone.model.artifact import Artifact
from support.artifacts import packed, promote, summing_artifact, write_artifact
from support.equipped_account import EquippedAccount

FIRST, SECOND, THIRD = (f"2026-0{month}-01T00.00.00.000Z" for month in (1, 2, 3))
GROUP = "abalone-dev"
REFUSED = "better than the baseline 'linear', but not than the champion"


def artifact_of(version: str) -> Artifact:
    """An artifact that no other version has."""
    metadata = {
        "name": "average",
        "created_at": f"{version[:10]}T00:00:00+00:00",
        "training_data": {"rows": 3350, "sha256": "ab" * 32},
        "cross_validation": {"random": {"rmse": 2.063}, "new_site": {"rmse": 2.117}},
    }
    return dataclasses.replace(summing_artifact(float(version[6])), metadata=metadata)


def verdict_on(version: str, *, passed: bool = True) -> dict[str, object]:
    return {
        "version": version,
        "digest": artifact_of(version).digest,
        "test_rows": 819,
        "test_rmse": 1.992,
        "coverage": 0.896,
        "passed": passed,
        "reasons": ["better than the champion"] if passed else [REFUSED],
    }


def write_version(models: Path, version: str, *, passed: bool | None = True) -> None:
    """Write a version as a run does; a verdict of None is none."""
    write_artifact(artifact_of(version), models / "model" / version / "model")
    if passed is not None:
        verdict = models / "verdict" / version / "verdict"
        verdict.parent.mkdir(parents=True)
        verdict.write_text(json.dumps(verdict_on(version, passed=passed)))


def make_champion(models: Path, version: str, previous: str | None = None) -> None:
    """Write the record of the champion, as it was before promotions were logged."""
    record = promote(artifact_of(version), version, models)
    record.write_text(json.dumps({**json.loads(record.read_text()), "previous": previous}))


def upload(models: Path, account: EquippedAccount) -> None:
    """Copy a folder of models to the data of an environment."""
    for path in models.rglob("*"):
        if path.is_file():
            key = f"data/06_models/{path.relative_to(models).as_posix()}"
            account.client("s3").put_object(Bucket=account.bucket, Key=key, Body=path.read_bytes())


def model_data_url(account: EquippedAccount, version: str) -> str:
    return f"s3://{account.bucket}/sagemaker/models/{version}/model.tar.gz"


def metadata_of(version: str) -> dict[str, str]:
    """What a registered version's metadata say."""
    return {"git_commit": "0123abc", "artifact_digest": artifact_of(version).digest}


def register(
    account: EquippedAccount,
    version: str,
    approval: str = "PendingManualApproval",
    metadata: dict[str, str] | None = None,
) -> str:
    """Register a version as the pipeline on SageMaker does, and return the ARN of its package."""
    url = model_data_url(account, version)
    key = url.removeprefix(f"s3://{account.bucket}/")
    account.client("s3").put_object(Bucket=account.bucket, Key=key, Body=packed(artifact_of(version).files()))
    made = account.client("sagemaker").create_model_package(
        ModelPackageGroupName=GROUP,
        ModelApprovalStatus=approval,
        CustomerMetadataProperties=metadata or metadata_of(version),
        InferenceSpecification={
            "Containers": [{"Image": "abalone", "ModelDataUrl": url}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )
    return str(made["ModelPackageArn"])
