"""The environment that a command is about, found as Kedro finds it."""

import getpass
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kedro.config import OmegaConfigLoader
from omegaconf import OmegaConf
from omegaconf.resolvers import oc

from abalone.datasets import atomic
from abalone.errors import AbaloneError
from abalone.promotion.models import Models

if TYPE_CHECKING:
    from abalone.promotion.registry import Registry

BASE = "base"


@dataclass(frozen=True)
class Environment:
    """Where models are, and who asks.

    Attributes:
        name: Of the environment.
        models: Its models.
        registry: Its registered models; None where there is no such group, as on a laptop.
        user: Who asks.
        missing_group: The group that was looked for and not found, and the region; "" where there is no other than
            this machine.
    """

    name: str
    models: Models
    registry: "Registry | None"
    user: str
    missing_group: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether it is more than this machine's."""
        return self.models.root.startswith("s3://")


def open_environment(name: str, conf: Path = Path("conf")) -> Environment:
    """Open an environment.

    Args:
        name: As the folders of `conf/` are called.
        conf: The project's configuration.

    Raises:
        AbaloneError: There is no such environment, or it needs what is not installed.
    """
    if not (conf / name).is_dir():
        raise AbaloneError(f"{conf / name} is no environment: run in the project's folder, with --env base, dev or prd")
    atomic.register()
    models = Models(f"{_data(conf, name)}/06_models")
    if not models.root.startswith("s3://"):
        return Environment(name, models, None, _local_user())
    registry = _registry(conf, name)
    if registry.exists():
        return Environment(name, models, registry, registry.identity())
    return Environment(name, models, None, registry.identity(), f"{registry.group} in {registry.region}")


def _data(conf: Path, env: str) -> str:
    resolvers: dict[str, Any] = {"oc.env": oc.env, "data_folder": lambda: os.environ.get("ABALONE_DATA") or "data"}
    loader = OmegaConfigLoader(str(conf), env=env, base_env=BASE, default_run_env=BASE, custom_resolvers=resolvers)
    return str(loader["globals"]["data"])


def _registry(conf: Path, env: str) -> "Registry":
    try:
        import boto3  # noqa: PLC0415 - of the aws set, as S3 is

        from abalone.promotion.registry import Registry  # noqa: PLC0415 - with it
    except ImportError as error:
        raise AbaloneError(f"--env {env} needs boto3 of the aws set, which `make run ENV={env}` installs") from error
    files = [path for folder in (BASE, env) if (path := conf / folder / "sagemaker.yml").is_file()]
    # only the group: other keys name variables that this command does without
    group = OmegaConf.select(OmegaConf.merge(*map(OmegaConf.load, files)), "registration.model_package_group")
    return Registry(str(group), f"/abalone/{env}/serving/model", boto3.Session())


def _local_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number that has no name
        return f"uid {os.getuid()}"
