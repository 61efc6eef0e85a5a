"""`model.tar.gz`, as SageMaker keeps models: read in memory, never unpacked onto the disk."""

import gzip
import io
import tarfile
import zlib

from abalone.model.artifact import CONTENT, MANIFEST, ArtifactError
from abalone.serving.model_store.folders import MAX_BYTES

ARTIFACT_FILES = (*CONTENT, MANIFEST)

_STEP_BYTES = 1024 * 1024
_REMEDY = f"pack it with `tar -czf model.tar.gz {' '.join(ARTIFACT_FILES)}` in the folder of the artifact"


def read_archive(archive: bytes) -> dict[str, bytes]:
    """Read the files of an artifact from a gzipped tar archive.

    Args:
        archive: The archive.

    Returns:
        Content by name, of the artifact's files alone.

    Raises:
        ArtifactError: The archive is damaged, too large when unpacked, or has anything but the artifact's files at
            its root.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(_unzip(archive)), mode="r:") as tar:
            return _files(tar)
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, OverflowError, RecursionError) as error:
        raise ArtifactError(f"the archive is damaged ({error or type(error).__name__}): copy it again") from error


def _unzip(archive: bytes) -> bytes:
    """Unzip in steps, since a small archive can hold a tar archive, or a header in it, of any size."""
    content = bytearray()
    with gzip.GzipFile(fileobj=io.BytesIO(archive)) as stream:
        while step := stream.read(_STEP_BYTES):
            content += step
            if len(content) > MAX_BYTES:
                raise ArtifactError(f"the archive unpacks to more than {MAX_BYTES:,} bytes: {_REMEDY}")
    return bytes(content)


def _files(tar: tarfile.TarFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for member in tar:
        name = member.name.removeprefix("./")
        if not 0 <= member.size <= MAX_BYTES:
            raise ArtifactError(f"{name!r} in the archive claims {member.size:,} bytes: {_REMEDY}")
        if name == "." and member.isdir():  # what `tar -C folder .` begins with
            continue
        if name not in ARTIFACT_FILES:
            raise ArtifactError(f"the archive has {member.name!r}, which is no file of the artifact: {_REMEDY}")
        if not member.isreg() or member.issparse():
            raise ArtifactError(f"{name} in the archive is a link or another special file: {_REMEDY}")
        if name in files:
            raise ArtifactError(f"the archive has {name} twice: {_REMEDY}")
        content = tar.extractfile(member)
        files[name] = content.read() if content is not None else b""
    return files
