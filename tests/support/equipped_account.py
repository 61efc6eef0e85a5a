"""An account on this machine with all that a delivery to dev needs."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3

from support.json_service import json_service
from support.s3 import REGION
from support.sagemaker_account import Account, new_account

PREFIX = "/abalone/dev"
LANDED = "data/01_raw/landing/uci_abalone.csv"
MODEL = "sagemaker/abalone-dev/models/model.tar.gz"
QUOTAS = (
    "ml.m5.large for processing job usage",
    "ml.m5.xlarge for spot training job usage",
    "ml.t2.medium for endpoint usage",
    "ml.m5.large for endpoint usage",
)
TRUST = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
MANIFEST = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 1, "digest": "sha256:1"},
        "layers": [],
    }
)


@dataclass
class EquippedAccount:
    """The account; moto answers for all but quotas and connections, which are as these say."""

    account: Account
    endpoints: dict[str, str]
    quotas: dict[str, float] = field(default_factory=dict)
    connection_status: str = ""
    key: str = ""
    _clients: dict[str, Any] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        of_aws = {name: value for name, value in self.account.env.items() if name.startswith("AWS_")}
        return of_aws | self.endpoints

    @property
    def key_id(self) -> str:
        return self.key.rsplit("/", 1)[-1]

    @property
    def bucket(self) -> str:
        return self.account.bucket

    def client(self, service: str) -> Any:
        if service not in self._clients:
            keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": REGION}
            self._clients[service] = boto3.client(service, endpoint_url=self.account.endpoint, **keys)
        return self._clients[service]

    def list_service_quotas(self, _request: dict[str, Any]) -> dict[str, Any]:
        listed = [
            {"QuotaName": name, "QuotaCode": f"L-{number}", "Value": value}
            for number, (name, value) in enumerate(self.quotas.items())
        ]
        return {"Quotas": listed}

    def get_connection(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"Connection": {"ConnectionArn": request["ConnectionArn"], "ConnectionStatus": self.connection_status}}

    def equip(self) -> None:
        """Make what Terraform makes, and what the first run of the pipeline leaves, and nothing else."""
        self.account.reset()
        self.quotas, self.connection_status = dict.fromkeys(QUOTAS, 2.0), "AVAILABLE"
        self.key = self.client("kms").create_key()["KeyMetadata"]["Arn"]
        self._make_bucket()
        self.make_role(TRUST)
        self.client("sagemaker").create_model_package_group(ModelPackageGroupName="abalone-dev")
        self._make_pipeline()
        addresses = {name: self._make_repository(name) for name in ("abalone-dev-job", "abalone-dev-serving")}
        values = {
            "pipeline/bucket": self.bucket,
            "pipeline/execution-role": "arn:aws:iam::123456789012:role/abalone-dev-sagemaker",
            "pipeline/repository": addresses["abalone-dev-job"],
            "pipeline/serving-repository": addresses["abalone-dev-serving"],
            "pipeline/kms-key": self.key,
            "pipeline/model-package-group": "abalone-dev",
            "pipeline/pipeline-name": "abalone-dev",
            "serving/model": f"s3://{self.bucket}/{MODEL}",
        }
        for name, value in values.items():
            self.set_parameter(name, value)

    def set_parameter(self, name: str, value: str) -> None:
        self.client("ssm").put_parameter(Name=f"{PREFIX}/{name}", Value=value, Type="String", Overwrite=True)

    def make_role(self, *statements: dict[str, Any]) -> None:
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.client("iam").create_role(RoleName="abalone-dev-sagemaker", AssumeRolePolicyDocument=document)

    def _make_bucket(self) -> None:
        s3 = self.client("s3")
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.key}
        rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
        s3.put_bucket_encryption(Bucket=self.bucket, ServerSideEncryptionConfiguration=rules)
        for key in (LANDED, MODEL):
            s3.put_object(Bucket=self.bucket, Key=key, Body=b"content")

    def _make_repository(self, name: str) -> str:
        ecr = self.client("ecr")
        address: str = ecr.create_repository(repositoryName=name)["repository"]["repositoryUri"]
        ecr.put_image(repositoryName=name, imageManifest=MANIFEST, imageTag="0" * 40)
        return address

    def _make_pipeline(self) -> None:
        role = "arn:aws:iam::123456789012:role/abalone-dev-pipeline"
        kind = {"category": "Source", "owner": "AWS", "provider": "CodeStarSourceConnection", "version": "1"}
        arn = f"arn:aws:codeconnections:{REGION}:123456789012:connection/1"
        source = {"name": "Source", "actionTypeId": kind, "configuration": {"ConnectionArn": arn}}
        self.client("iam").create_role(RoleName="abalone-dev-pipeline", AssumeRolePolicyDocument=PIPELINE_TRUST)
        pipeline = {
            "name": "abalone-dev",
            "roleArn": role,
            "artifactStore": {"type": "S3", "location": self.bucket},
            "stages": [{"name": "Source", "actions": [source]}, {"name": "Verify", "actions": []}],
        }
        self.client("codepipeline").create_pipeline(pipeline=pipeline)


PIPELINE_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{**TRUST, "Principal": {"Service": "codepipeline.amazonaws.com"}}],
    }
)


@contextmanager
def serving_account() -> Iterator[EquippedAccount]:
    """Serve an account that is still to be equipped."""
    with ExitStack() as stack:
        equipped = EquippedAccount(stack.enter_context(new_account()), {})
        for variable, operation, answer in (
            ("SERVICE_QUOTAS", "ListServiceQuotas", equipped.list_service_quotas),
            ("CODECONNECTIONS", "GetConnection", equipped.get_connection),
        ):
            equipped.endpoints[f"AWS_ENDPOINT_URL_{variable}"] = stack.enter_context(json_service({operation: answer}))
        yield equipped
