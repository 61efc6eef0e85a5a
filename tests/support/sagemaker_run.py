"""`kedro sagemaker run --local` on a local AWS, as a user runs it."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from abalone.rehearsal.local_aws import LocalAWS
from support.project import REPOSITORY

LANDING = "data/01_raw/landing"
STORAGE = "sagemaker/abalone-dev"
# the same whatever is edited while the tests run
IMAGE = f"abalone@sha256:{'c' * 64}"
JOBS = ("ingestion", "feature_engineering", "training", "evaluation")


@dataclass(frozen=True)
class SageMakerProject:
    """The project, on a local AWS whose landing zone holds the first batch."""

    aws: LocalAWS
    scratch: Path

    def start(self, *arguments: str, env: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
        """Start `kedro sagemaker run --local --env dev`."""
        command = ("sagemaker", "run", "--local", "--env", "dev", "--image", IMAGE, "--scratch", str(self.scratch))
        return subprocess.Popen(
            [sys.executable, "-m", "kedro", *command, *arguments],
            cwd=REPOSITORY,
            env={**self.aws.environment(os.environ), "KEDRO_DISABLE_TELEMETRY": "1", **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
        """Run it to its end."""
        process = self.start(*arguments, env=env)
        output, errors = process.communicate(timeout=240)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def executed(self) -> list[str]:
        """The jobs that were executed, in all runs."""
        return sorted(path.parent.name for path in self.scratch.glob("*/*/attempt-*"))

    def keys(self, prefix: str) -> list[str]:
        pages = self.aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.aws.bucket, Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def read(self, key: str) -> bytes:
        return self.aws.client("s3").get_object(Bucket=self.aws.bucket, Key=key)["Body"].read()

    def written(self, group: str, name: str) -> bytes:
        """Content of the newest file of that name that a group has written."""
        found = [key for key in self.keys(f"{STORAGE}/{group}/") if key.endswith(f"/{name}")]
        s3 = self.aws.client("s3")
        newest = max(found, key=lambda key: s3.head_object(Bucket=self.aws.bucket, Key=key)["LastModified"])
        return self.read(newest)

    def table(self, group: str, name: str) -> pd.DataFrame:
        return pd.read_parquet(io.BytesIO(self.written(group, name)))

    def packages(self) -> list[dict[str, Any]]:
        """The registered models, the first one first."""
        sagemaker = self.aws.client("sagemaker")
        if not sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]:
            return []
        listed = sagemaker.list_model_packages(ModelPackageGroupName="abalone-dev")["ModelPackageSummaryList"]
        arns = sorted((package["ModelPackageArn"] for package in listed), key=lambda arn: int(re.split("/", arn)[-1]))
        return [sagemaker.describe_model_package(ModelPackageName=arn) for arn in arns]

    def champion(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(self.read("data/06_models/champion.json"))
        return record


def new_sagemaker_project(aws: LocalAWS, scratch: Path) -> SageMakerProject:
    aws.upload(REPOSITORY / "data" / "01_raw" / "landing", LANDING)
    return SageMakerProject(aws, scratch)
