"""Faults that AWS answers with."""

from typing import Any


def is_absence(error: Any) -> bool:
    """Tell whether AWS says that a thing does not exist.

    Args:
        error: What botocore raised.
    """
    code = error.response["Error"]["Code"]
    message = error.response["Error"].get("Message", "")
    return (
        code in {"404", "NoSuchBucket", "NoSuchEntity", "ResourceNotFound"}
        or code.endswith(("NotFoundException", "DoesNotExistException"))
        or (code == "ValidationException" and "does not exist" in message)
    )
