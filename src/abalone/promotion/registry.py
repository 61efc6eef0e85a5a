"""The registered models of an environment, and the parameter that tells its hosts what to serve."""

import hashlib
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from botocore.exceptions import ClientError

from abalone.errors import AbaloneError
from abalone.model.artifact import MANIFEST

ARTIFACT_DIGEST = "artifact_digest"
"""Under which name a registered model's metadata say which artifact it is; `abalone.sagemaker.exports` writes it."""

_DESCRIPTION_LENGTH = 1024


@dataclass(frozen=True)
class Package:
    """A registered model.

    Attributes:
        arn: Of its model package.
        approval: Approved, Rejected or PendingManualApproval.
        model_data_url: S3 URI of its `model.tar.gz`.
        metadata: Its customer metadata.
        reason: Why it was approved or rejected; "" where nobody said.
    """

    arn: str
    approval: str
    model_data_url: str
    metadata: dict[str, str]
    reason: str

    @property
    def is_rejected(self) -> bool:
        """Whether the system test, a person or a rollback has rejected it."""
        return self.approval == "Rejected"


@dataclass(frozen=True)
class Registry:
    """A model package group, and where the hosts look.

    Attributes:
        group: Name of the group.
        parameter: Name in Systems Manager of the model that the hosts serve.
        session: boto3's, with the credentials and the region in use.
    """

    group: str
    parameter: str
    session: Any

    @property
    def region(self) -> str:
        """The region in use."""
        return str(self.session.region_name)

    def exists(self) -> bool:
        """Tell whether the account has the group, in the region in use."""
        try:
            self._client("sagemaker").describe_model_package_group(ModelPackageGroupName=self.group)
        except ClientError as error:
            # the API has the same code for whatever is wrong with a request
            if "does not exist" not in error.response["Error"]["Message"]:
                raise
            return False
        return True

    def packages(self) -> Iterator[Package]:
        """Yield the packages of the group, the newest first."""
        sagemaker = self._client("sagemaker")
        pages = sagemaker.get_paginator("list_model_packages").paginate(
            ModelPackageGroupName=self.group, SortBy="CreationTime", SortOrder="Descending"
        )
        for page in pages:
            for summary in page["ModelPackageSummaryList"]:
                package = sagemaker.describe_model_package(ModelPackageName=summary["ModelPackageArn"])
                yield Package(
                    package["ModelPackageArn"],
                    package["ModelApprovalStatus"],
                    package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"],
                    package.get("CustomerMetadataProperties", {}),
                    package.get("ApprovalDescription") or "",
                )

    def find(self, digest: str) -> Package | None:
        """Find the newest package of a model, whose archive is there, by the digest of its artifact."""
        found = (package for package in self.packages() if self.digest(package) == digest)
        return next((package for package in found if self._has_archive(package)), None)

    def digest(self, package: Package) -> str | None:
        """Return the digest of a package's artifact; None when only its archive could tell, and is gone."""
        if told := package.metadata.get(ARTIFACT_DIGEST):
            return told
        # of a model that was registered before its metadata said so
        if not self._has_archive(package):
            return None
        archive = self._client("s3").get_object(**_place(package))["Body"].read()
        return _artifact_digest(archive, package.model_data_url)

    def approve(self, package: Package, why: str) -> None:
        """Approve a package."""
        self._decide(package, "Approved", why)

    def reject(self, package: Package, why: str) -> None:
        """Reject a package."""
        self._decide(package, "Rejected", why)

    def serve(self, package: Package) -> None:
        """Tell the hosts to serve a package, from their next deployment on."""
        self._client("ssm").put_parameter(
            Name=self.parameter, Type="String", Overwrite=True, Value=package.model_data_url
        )

    def served(self) -> str | None:
        """Return the archive that the hosts are told to serve, if any."""
        found = self._client("ssm").get_parameters(Names=[self.parameter])["Parameters"]
        return found[0]["Value"] if found else None

    def serves(self, package: Package) -> bool:
        """Tell whether a package is approved, and what the hosts are told to serve."""
        return package.approval == "Approved" and self.served() == package.model_data_url

    def identity(self) -> str:
        """Return the ARN of whose credentials are in use."""
        arn: str = self._client("sts").get_caller_identity()["Arn"]
        return arn

    def _has_archive(self, package: Package) -> bool:
        try:
            self._client("s3").head_object(**_place(package))
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"NoSuchKey", "404"}:
                raise
            return False
        return True

    def _decide(self, package: Package, status: str, why: str) -> None:
        self._client("sagemaker").update_model_package(
            ModelPackageArn=package.arn,
            ModelApprovalStatus=status,
            ApprovalDescription=why[:_DESCRIPTION_LENGTH],
            CustomerMetadataProperties=package.metadata,
        )

    def _client(self, service: str) -> Any:
        return _client(self.session, service)


@cache
def _client(session: Any, service: str) -> Any:
    return session.client(service)


def _place(package: Package) -> dict[str, str]:
    bucket, _, key = package.model_data_url.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": key}


def _artifact_digest(archive: bytes, url: str) -> str:
    try:
        with tarfile.open(fileobj=BytesIO(archive)) as members:
            for member in members:
                if member.name.removeprefix("./") == MANIFEST and (manifest := members.extractfile(member)):
                    return hashlib.sha256(manifest.read()).hexdigest()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise AbaloneError(f"{url} cannot be read as an archive ({error}): register the model again") from error
    raise AbaloneError(f"{url} holds no artifact, as it has no {MANIFEST}: register the model again")
