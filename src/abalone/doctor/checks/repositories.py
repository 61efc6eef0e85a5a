"""The repositories of the images, and the images themselves."""

import os
import re
from collections.abc import Iterator
from typing import Any

from abalone.doctor.account import Account
from abalone.doctor.faults import is_absence
from abalone.doctor.finding import Finding, Status

IMAGES = {"repository": ("job", "ABALONE_IMAGE"), "serving-repository": ("serve", "ABALONE_SERVING_IMAGE")}
"""The target of the Dockerfile and the variable that names an image of it, by the parameter of its repository."""

ADDRESS = re.compile(r"(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/([^@:]+)(?:@(sha256:[0-9a-f]{64}))?")


def check(account: Account) -> Iterator[Finding]:
    """Look for both repositories, and for the image that is named, or else any."""
    for parameter, (target, variable) in IMAGES.items():
        if address := account.parameters.get(f"pipeline/{parameter}"):
            yield _look(account, address, target, variable)


def _look(account: Account, address: str, target: str, variable: str) -> Finding:
    from botocore.exceptions import ClientError  # noqa: PLC0415

    subject = f"image of {target}"
    build = f'delivery/push_image.sh {target} {address} "$(git rev-parse HEAD)"'
    named = os.environ.get(variable)
    match = ADDRESS.fullmatch(named or address)
    if match is None:
        found = f"{variable} is {named!r}" if named else f"the parameter says {address!r}"
        return Finding(subject, Status.MISSING, f"{found}, which is no address of ECR with a digest", build)
    registry, repository, digest = match.groups()
    if named and not digest:
        return Finding(subject, Status.WARNING, f"{variable} names a repository, and no image by its digest", build)
    which = {"imageIds": [{"imageDigest": digest}]} if digest else {}
    try:
        pages = account.client("ecr").get_paginator("describe_images")
        images = pages.paginate(registryId=registry, repositoryName=repository, **which).build_full_result()
    except ClientError as error:
        if not is_absence(error):
            raise
        if error.response["Error"]["Code"] == "ImageNotFoundException":
            return Finding(subject, Status.MISSING, f"{repository} has no image {digest}", build)
        absent = (named or address).partition("@")[0]
        remedy = account.apply if absent == address else f"name an image of {address} by {variable}, or unset it"
        return Finding(subject, Status.MISSING, f"{absent} does not exist", remedy)
    return _newest(subject, repository, images["imageDetails"], build)


def _newest(subject: str, repository: str, images: list[dict[str, Any]], build: str) -> Finding:
    if not images:
        remedy = f"the pipeline's first run builds it; by hand: {build}"
        return Finding(subject, Status.WARNING, f"{repository} is empty", remedy)
    newest = max(images, key=lambda image: image["imagePushedAt"])
    return Finding(subject, Status.OK, f"{repository}@{newest['imageDigest']}")
