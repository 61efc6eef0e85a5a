"""`kedro sagemaker init`: writes what only the user knows into an environment's `sagemaker.yml`."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kedro.config import OmegaConfigLoader
from pydantic import TypeAdapter, ValidationError

from abalone.errors import AbaloneError
from abalone.sagemaker.cli.yaml_edit import get_value, set_value
from abalone.sagemaker.configuration import Bucket, Image, RoleArn, check_configuration
from abalone.settings import CONFIG_LOADER_ARGS

HEADER = "# Merged over conf/base/{file}, which explains the keys.\n"


def check_bucket(name: str) -> None:
    """Refuse what S3 would refuse as the name of a bucket.

    Raises:
        AbaloneError: S3 would refuse it.
    """
    octets = name.split(".")
    is_address = len(octets) == 4 and all(octet.isdigit() for octet in octets)  # noqa: PLR2004
    if not _fits(Bucket, name) or ".." in name or is_address or name.startswith(("xn--", "sthree-")):
        raise AbaloneError(
            f"{name!r} is no name of an S3 bucket: give 3 to 63 lower-case letters, digits, dots and hyphens,"
            " without s3://, that begin and end with a letter or digit"
        )


def check_role(arn: str) -> None:
    """Refuse what is not the ARN of a role.

    Raises:
        AbaloneError: It is not.
    """
    if not _fits(RoleArn, arn):
        raise AbaloneError(
            f"{arn!r} is no ARN of a role: give arn:aws:iam::<account>:role/<name>, as"
            " `aws iam get-role --role-name <name> --query Role.Arn` prints it"
        )


def check_image(reference: str) -> None:
    """Refuse what is not the reference of an image with a tag or a digest.

    Raises:
        AbaloneError: It is not.
    """
    name = reference.rsplit("/", 1)[-1]
    if not _fits(Image, reference) or not name.partition("@")[0].partition(":")[0] or not {":", "@"} & set(name):
        raise AbaloneError(
            f"{reference!r} is no reference of an image: give <account>.dkr.ecr.<region>.amazonaws.com/"
            "<repository>@sha256:<digest>, as the build of the image prints it"
        )


CHECKS = {
    ("globals.yml", "bucket"): check_bucket,
    ("sagemaker.yml", "aws.execution_role"): check_role,
    ("sagemaker.yml", "docker.image"): check_image,
    ("sagemaker.yml", "registration.image"): check_image,
}
"""What init sets, by file and key, and what refuses a value that AWS would refuse."""


def initialise(conf: Path, env: str, values: Mapping[tuple[str, str], str], *, overwrite: bool) -> list[Path]:
    """Write values into the configuration of an environment, and leave the rest of it as it is.

    Args:
        conf: Folder of the project's configuration.
        env: Name of the environment.
        values: By file and key.
        overwrite: Whether to replace other values that are there; a reference such as `${oc.env:…}` always is.

    Returns:
        The files.

    Raises:
        AbaloneError: A value is there already, or the configuration would not be valid; nothing is written.
    """
    if not (conf / env).is_dir():
        known = ", ".join(sorted(folder.name for folder in conf.iterdir() if folder.is_dir()))
        raise AbaloneError(f"{conf} has no environment {env!r}: choose one of {known}")
    texts: dict[Path, str] = {}
    for (file, key), value in values.items():
        CHECKS[file, key](value)
        path = conf / env / file
        if path not in texts:
            texts[path] = path.read_text(encoding="utf-8") if path.is_file() else HEADER.format(file=file)
        there = get_value(texts[path], key)
        if there not in {None, value} and "${" not in str(there) and not overwrite:
            raise AbaloneError(f"{path} says {key}: {there}: give --yes to replace it")
        if there != value:
            texts[path] = set_value(texts[path], key, value)
    _check_whole(conf, env, texts)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def _fits(kind: Any, value: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def _check_whole(conf: Path, env: str, texts: Mapping[Path, str]) -> None:
    """Check the configuration as it would be, merged over base."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(shutil.copytree(conf, Path(folder) / "conf"))
        for path, text in texts.items():
            (trial / path.relative_to(conf)).write_text(text, encoding="utf-8")
        arguments: dict[str, Any] = {**CONFIG_LOADER_ARGS}
        loader = OmegaConfigLoader(str(trial), env, **arguments)
        check_configuration(loader["sagemaker"], f"conf/{env}/sagemaker.yml")
