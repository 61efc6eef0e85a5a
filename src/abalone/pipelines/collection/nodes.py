"""Nodes of the collection pipeline."""

import re

from abalone.errors import AbaloneError
from abalone.pipelines.collection.download import fetch
from abalone.schema import COLUMN_NAMES

_FIRST_LINE = re.compile(rb"[A-Za-z0-9][^\r\n]*")
_WORD = re.compile(r"[a-z_]+")
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
        AbaloneError: The name is not one of a batch, the file cannot be had as expected, or it has a header already.
    """
    if not (isinstance(batch, str) and _BATCH_NAME.fullmatch(batch)):
        raise AbaloneError(
            f"collection.batch {batch!r} cannot name a batch: use up to 100 letters, digits, '_' and '-', "
            "beginning with a letter or digit."
        )
    content = fetch(url, sha256, timeout_seconds)
    if not add_header:
        return {batch: content}
    if _has_header(content):
        raise AbaloneError(
            f"The source of batch {batch} begins with a header line, which may name its columns in another order: "
            "set collection.add_header=false."
        )
    return {batch: f"{','.join(COLUMN_NAMES)}\n".encode() + content}


def _has_header(content: bytes) -> bool:
    """Tell whether the first line that is not blank holds the name of a column, quoted or not, in any case."""
    first = _FIRST_LINE.search(content)
    if first is None:
        return False
    words = _WORD.findall(first[0].decode("latin-1").lower())
    return not set(COLUMN_NAMES).isdisjoint(words)
