"""`sagemaker.yml`: kedro-sagemaker's configuration, with what it lacks; unknown keys are refused."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, cast

from kedro.config import AbstractConfigLoader, MissingConfigException
from kedro_sagemaker.config import AwsConfig, DockerConfig, KedroSageMakerPluginConfig, ResourceConfig, SageMakerConfig
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from abalone.errors import AbaloneError

Count = Annotated[int, Field(ge=1)]
# The patterns of https://docs.aws.amazon.com/sagemaker/latest/APIReference: CreatePipeline, CreateModelPackageGroup.
SageMakerName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9](-*[a-zA-Z0-9])*$", max_length=63)]
Bucket = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
RoleArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$")]
Image = Annotated[str, StringConstraints(pattern=r"^[\w./:-]+(@sha256:[0-9a-f]{64})?$", max_length=255)]
Duration = Annotated[str, StringConstraints(pattern=r"^P(\d+D|T\d+H)$")]
DIGEST = r"@sha256:[0-9a-f]{64}$"

EXAMPLES = {
    "bucket": "my-bucket",
    "execution_role": "arn:aws:iam::123456789012:role/my-role",
    "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/abalone@sha256:<64 hexadecimal digits>",
    "instance_type": "ml.m5.large",
    "expire_after": "P30D or PT12H",
    "model_package_group": "letters-and-digits-with-hyphens",
}
"""What a value looks like, by the last part of its key."""

VARIABLES = {
    "aws.bucket": "ABALONE_BUCKET",
    "aws.execution_role": "ABALONE_EXECUTION_ROLE",
    "docker.image": "ABALONE_IMAGE",
    "registration.image": "ABALONE_SERVING_IMAGE",
}
"""The variable that `conf/base/sagemaker.yml` takes a value from, by key."""


FORBID = ConfigDict(extra="forbid")


class _Strict(BaseModel):
    model_config = FORBID | ConfigDict(strict=True)


class Resources(ResourceConfig):
    """What a job runs on; what is not given comes from `__default__`."""

    model_config = FORBID

    instance_type: Annotated[str, StringConstraints(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")] | None = None
    # a group runs once: on two hosts, two processes would write the same outputs
    instance_count: Literal[1] | None = None
    volume_gb: Count | None = None
    network_isolation: bool | None = None


class SageMaker(SageMakerConfig):
    """Which SageMaker pipeline a Kedro pipeline is compiled to."""

    model_config = FORBID

    pipeline_names_mapping: dict[str, SageMakerName]


class Aws(AwsConfig):
    """Account, and resources by group, by tag of its nodes, and by default."""

    model_config = FORBID

    bucket: Bucket
    execution_role: RoleArn
    sagemaker: SageMaker
    resources: dict[str, Resources]


class Docker(DockerConfig):
    """The image that every job runs."""

    model_config = FORBID

    image: Image
    require_digest: bool = False


class Training(_Strict):
    """The group that runs as a training job, and the dataset whose files go into its `model.tar.gz`."""

    group: str
    artifact: str
    spot: bool = False
    max_wait_seconds: Count | None = None


class Evaluation(_Strict):
    """The group that decides, and its datasets for the gate, the quality statistics and the report."""

    group: str
    gate: str
    metrics: str
    report: str


class Registration(_Strict):
    """The model package that is registered when the gate is passed."""

    model_package_group: SageMakerName
    approval_status: Literal["Approved", "PendingManualApproval", "Rejected"]
    image: Image
    content_types: list[str]
    response_types: list[str]
    inference_instances: list[str]
    transform_instances: list[str]


class Cache(_Strict):
    """Step caching; an entry must expire before the objects that it stands for."""

    enabled: bool
    expire_after: Duration


class Retries(_Strict):
    """How often, and after how long, a step is tried again after a fault that is not its own."""

    max_attempts: Annotated[int, Field(ge=0, le=20)]
    interval_seconds: Annotated[int, Field(ge=1, le=43200)]
    backoff_rate: Annotated[float, Field(ge=1)]


class Configuration(KedroSageMakerPluginConfig):
    """`sagemaker.yml`, base and environment merged."""

    model_config = FORBID

    aws: Aws
    docker: Docker
    groups: dict[str, list[str]] = Field(default_factory=dict)
    live: dict[str, Annotated[list[str], Field(min_length=1)]] = Field(default_factory=dict)
    training: Training | None = None
    evaluation: Evaluation | None = None
    registration: Registration | None = None
    cache: Cache
    retries: Retries
    environment: dict[str, str] = Field(default_factory=dict)
    kms_key: str | None = None
    tags: dict[str, str] = Field(default_factory=dict)

    def resources_of(self, group: str, tags: set[str]) -> Resources:
        """Merge the resources by default, then by tag in alphabetical order, then of the group itself.

        Args:
            group: Name of the group.
            tags: Tags of its nodes.
        """
        merged: dict[str, Any] = {}
        for key in ("__default__", *sorted(tags), group):
            if key in self.aws.resources:
                merged |= self.aws.resources[key].model_dump(exclude_none=True)
        return Resources(**merged)


def has_digest(image: str) -> bool:
    """Whether an image reference names its content, as `repository@sha256:…` does."""
    return re.search(DIGEST, image) is not None


def load_configuration(config_loader: AbstractConfigLoader, env: str, **overrides: str | None) -> Configuration:
    """Load `sagemaker.yml` of an environment, merged over the one of base.

    Args:
        config_loader: Kedro's, for the environment.
        env: Name of the environment, for messages.
        overrides: `image` and `role`, if given, are put in the place of those of the file.

    Raises:
        AbaloneError: The file is missing, or a key or value is wrong. Every fault is named.
    """
    try:
        given = cast(dict[str, Any], config_loader["sagemaker"])
    except MissingConfigException:
        raise AbaloneError(
            f"conf/base and conf/{env} have no sagemaker.yml: `kedro sagemaker init` writes it"
        ) from None
    if role := overrides.get("role"):
        given = {**given, "aws": {**given.get("aws", {}), "execution_role": role}}
    if image := overrides.get("image"):
        given = {**given, "docker": {**given.get("docker", {}), "image": image}}
    return check_configuration(given, f"sagemaker.yml of the environment {env!r}")


def check_configuration(given: dict[str, Any], source: str) -> Configuration:
    """Check the content of `sagemaker.yml`.

    Args:
        given: The content.
        source: Where it comes from, for messages.

    Raises:
        AbaloneError: A key or value is wrong. Every fault is named.
    """
    try:
        configuration: Configuration = Configuration.model_validate(given)
    except ValidationError as error:
        faults = "; ".join(_told(fault) for fault in error.errors())
        raise AbaloneError(f"{source}: {faults}") from None
    if faults := "; ".join(_contradictions(configuration)):
        raise AbaloneError(f"{source}: {faults}")
    return configuration


def _contradictions(configuration: Configuration) -> Iterator[str]:
    images = {"docker.image": configuration.docker.image}
    if configuration.registration:
        images["registration.image"] = configuration.registration.image
    for key, image in images.items():
        if configuration.docker.require_digest and not has_digest(image):
            yield (
                f"{key} = {image!r} has no digest, and docker.require_digest is set: "
                "name it as repository@sha256:…, as the build of the image prints it"
            )
    resources = configuration.aws.resources
    if not resources.get("__default__", Resources()).instance_type:
        yield "aws.resources.__default__.instance_type is missing"
    for name in resources:
        merged = configuration.resources_of(name, set())
        if bool(merged.subnets) != bool(merged.security_group_ids):
            yield f"aws.resources.{name} has one of subnets and security_group_ids: give both, or none"
    training = configuration.training
    if training and training.spot:
        runtime = configuration.resources_of(training.group, set()).timeout_seconds or 0
        if (training.max_wait_seconds or 0) < runtime:
            yield (
                f"training.max_wait_seconds = {training.max_wait_seconds} is less than the timeout_seconds of "
                f"{training.group}, {runtime}: on spot instances it has to be as long at least"
            )


def _told(fault: Any) -> str:
    name = ".".join(map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        return f"{name} is not the name of a key"
    if fault["type"] == "missing":
        return f"{name} is missing"
    if name in VARIABLES and not fault["input"]:
        return f"{name} is not set: export {VARIABLES[name]}=…, or let `kedro sagemaker init` write it"
    key = name.rsplit(".", 1)[-1]
    if fault["type"].startswith("string") and key in EXAMPLES:
        return f"{name} = {fault['input']!r} is not written as {EXAMPLES[key]}"
    return f"{name} = {fault['input']!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}"
