"""`build.py [ARCHIVE]`: packs the functions of `abalone.lambdas` for AWS Lambda.

The same sources give the same bytes on every machine, so a plan of Terraform shows functions that have changed and no
others: files are sorted, have one date and mode, and are stored, because compression differs between versions of zlib.
"""

import argparse
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SOURCES = REPOSITORY / "src"
ARCHIVE = REPOSITORY / "build" / "lambdas.zip"
PATTERNS = ("abalone/__init__.py", "abalone/errors.py", "abalone/schema.py", "abalone/lambdas/**/*.py")

_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644
_UNIX = 3


def build(archive: Path, sources: Path = SOURCES) -> None:
    """Write the archive.

    Args:
        archive: The file to write.
        sources: The folder that holds the package.
    """
    names = sorted(path.relative_to(sources).as_posix() for pattern in PATTERNS for path in sources.glob(pattern))
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for name in names:
            member = zipfile.ZipInfo(name, _DATE)
            member.create_system = _UNIX
            member.external_attr = _MODE << 16
            packed.writestr(member, (sources / name).read_bytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", nargs="?", type=Path, default=ARCHIVE)
    build(parser.parse_args().archive)
