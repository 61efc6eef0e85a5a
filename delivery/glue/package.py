"""Makes what the Glue job needs, the same bytes from the same sources: python delivery/glue/package.py [FOLDER].

FOLDER is the project's build/glue by default, and gets etl.py, abalone.whl, conf.tar.gz and requirements.txt.
"""

# ruff: noqa: T201 - a program prints

import gzip
import io
import os
import re
import shutil
import sys
import tarfile
import tempfile
from contextlib import chdir
from pathlib import Path

from flit_core import buildapi

REPOSITORY = Path(__file__).resolve().parents[2]
# not etl: Glue brings Spark
SETS = ("run", "aws")
# zip knows no time before 1980
EPOCH = "315532800"


def main(output: Path) -> None:
    """Write all files into a folder."""
    output = output.resolve()  # the wheel is built in another folder
    output.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(REPOSITORY / "delivery" / "glue" / "etl.py", output / "etl.py")
    write_wheel(output / "abalone.whl")
    (output / "conf.tar.gz").write_bytes(configuration_archive(REPOSITORY / "conf"))
    (output / "requirements.txt").write_text(merged_locks(), encoding="utf-8")
    for path in sorted(output.iterdir()):
        print(path)


def write_wheel(path: Path) -> None:
    """Build the wheel of the package, under a name that no version changes."""
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    with tempfile.TemporaryDirectory() as folder, chdir(REPOSITORY):
        name = buildapi.build_wheel(folder)
        shutil.copyfile(Path(folder) / name, path)


def configuration_archive(conf: Path) -> bytes:
    """Pack the configuration as `kedro package` does, without what is of one machine only."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w") as archive,
    ):
        for path in sorted(conf.rglob("*.yml")):
            if "local" not in path.relative_to(conf).parts:
                content = path.read_bytes()
                entry = tarfile.TarInfo(path.relative_to(conf.parent).as_posix())
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def merged_locks() -> str:
    """Merge the locked sets, each requirement with its hashes once."""
    texts = [(REPOSITORY / "requirements" / f"{name}.txt").read_text(encoding="utf-8") for name in SETS]
    return "".join(sorted({entry for text in texts for entry in re.findall(r"(?m)^\S.*\n(?: .*\n)*", text)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "build" / "glue")
