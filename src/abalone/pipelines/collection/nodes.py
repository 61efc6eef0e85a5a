"""Nodes of the collection pipeline."""

import re

from abalone.errors import AbaloneError
from abalone.pipelines.collection.download import fetch
from abalone.schema import COLUMN_NAMES

_BATCH_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def fetch_batch(url: str, sha256: str, batch: str, timeout_seconds: float, add_header: bool) -> dict[str, bytes]:
    """Fetch a batch from its source; fetching it again gives the same.

    Args:
        url: Address of the file, over http, https or s3.
        sha256: Hexadecimal SHA-256 digest that the file must have.
        batch: Name of the batch in the landing zone: letters, digits, "_" and "-".
        timeout_seconds: Longest time for the whole transfer.
        add_header: Whether to put the header line in front, for a source that has none
            and whose columns are those of `schema.COLUMN_NAMES`, in their order.

    Returns:
        The content of the landing file, by name of the batch.

    Raises:
        AbaloneError: The name is not one of a batch, or the file cannot be had as expected.
    """
    if not (isinstance(batch, str) and _BATCH_NAME.fullmatch(batch)):
        raise AbaloneError(
            f"collection.batch {batch!r} cannot name a batch: use up to 100 letters, digits, '_' and '-', "
            "beginning with a letter or digit."
        )
    content = fetch(url, sha256, timeout_seconds)
    header = f"{','.join(COLUMN_NAMES)}\n".encode() if add_header else b""
    return {batch: header + content}
