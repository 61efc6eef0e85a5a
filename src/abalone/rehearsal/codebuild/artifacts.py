"""The artifacts of a build: zip files of what its patterns match."""

import zipfile
from pathlib import Path

from abalone.errors import AbaloneError
from abalone.rehearsal.codebuild.buildspec import ArtifactFiles


def pack(source: Path, artifact: ArtifactFiles, output: Path) -> None:
    """Pack an artifact.

    Args:
        source: Folder of the build.
        artifact: As the buildspec has it.
        output: The zip file that is written.

    Raises:
        AbaloneError: A pattern matches no file, on which CodeBuild fails, too.
    """
    folder = source / artifact.base_directory
    found: set[Path] = set()
    for pattern in artifact.files:
        matching = {path for path in folder.glob(pattern) if path.is_file()}
        if not matching:
            raise AbaloneError(f"no file of the artifact matches {pattern} in {folder}")
        found |= matching
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(found):
            archive.write(path, path.name if artifact.discard_paths else path.relative_to(folder))
