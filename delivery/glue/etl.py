"""The script of the job of AWS Glue 5.0: from the landing batches to the train and test tables, by Spark.

Glue puts abalone.zip on the path (`--extra-py-files`), conf.tar.gz into the working directory (`--extra-files`), and
installs requirements.txt; package.py makes them all. What goes wrong is raised in one line, which Glue shows as the
reason.
"""

import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

from abalone.errors import AbaloneError

ARCHIVE, CONFIGURATION = Path("conf.tar.gz"), Path("conf")


def main(arguments: Sequence[str]) -> None:
    """Run the job with the configuration that has come with it.

    Args:
        arguments: Of the job; Glue passes its own beside them.

    Raises:
        AbaloneError: An argument, the configuration or the data are wrong; with what and where.
    """
    unpack_configuration()
    # after conf/ is there, as Kedro sets up its log when it is imported
    from abalone.etl import job  # noqa: PLC0415

    job.main([*arguments, "--conf", str(CONFIGURATION)])


def unpack_configuration() -> None:
    """Unpack conf/ into the working directory, where Kedro looks for it.

    Raises:
        AbaloneError: It has not come with the job.
    """
    if not ARCHIVE.is_file():
        raise AbaloneError(f"{ARCHIVE} is not in {Path.cwd()}: let --extra-files of the job name it")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(filter="data")


if __name__ == "__main__":
    main(sys.argv[1:])
