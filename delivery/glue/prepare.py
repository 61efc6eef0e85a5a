"""A job of AWS Glue 5.0: from the landing batches to the train and test tables, by the pipelines of the package.

Glue puts abalone.whl on the path (`--extra-py-files`), conf.tar.gz into the working directory (`--extra-files`), and
installs requirements.txt; package.py makes them all. Of its arguments, only those of `ARGUMENTS` count: Glue passes its
own beside them. What goes wrong is raised in one line, which Glue shows as the reason.
"""

import argparse
import os
import re
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

from abalone.errors import AbaloneError

PIPELINES = ["ingestion", "feature_engineering"]
CONFIGURATION = Path("conf.tar.gz")
ARGUMENTS = {
    "environment": "the environment of conf/, such as dev",
    "bucket": "the bucket of the data, without s3://",
}
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def main(arguments: Sequence[str]) -> None:
    """Run the pipelines.

    Args:
        arguments: Of the job.

    Raises:
        AbaloneError: An argument or the data are wrong; with what and where.
    """
    options = parse(arguments)
    unpack_configuration()
    os.environ |= {"ABALONE_BUCKET": options.bucket, "KEDRO_DISABLE_TELEMETRY": "1"}
    # after conf/ is there, as Kedro sets up its log when it is imported
    from kedro.framework.project import configure_project  # noqa: PLC0415
    from kedro.framework.session import KedroSession  # noqa: PLC0415

    from abalone.diagnosis import diagnose  # noqa: PLC0415

    try:
        configure_project("abalone")
        with KedroSession.create(Path.cwd(), env=options.environment) as session:
            session.run(pipeline_names=PIPELINES)
    except Exception as error:
        message = diagnose(error)
        if message is None:
            raise
        raise AbaloneError(message) from error


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments that count, and leave Glue's own alone.

    Raises:
        AbaloneError: One is missing, or is no name of a bucket.
    """
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ARGUMENTS:
        parser.add_argument(f"--{name}", default="")
    options, _ = parser.parse_known_args(arguments)
    if missing := [f"--{name} ({what})" for name, what in ARGUMENTS.items() if not getattr(options, name)]:
        raise AbaloneError(f"{' and '.join(missing)} missing among the arguments of the job")
    if not BUCKET.fullmatch(options.bucket):
        raise AbaloneError(f"--bucket is {options.bucket!r}: give its name alone, without s3:// and without a folder")
    return options


def unpack_configuration() -> None:
    """Unpack conf/ into the working directory, where Kedro looks for it.

    Raises:
        AbaloneError: It has not come with the job.
    """
    if not CONFIGURATION.is_file():
        raise AbaloneError(f"{CONFIGURATION} is not in {Path.cwd()}: let --extra-files of the job name it")
    with tarfile.open(CONFIGURATION) as archive:
        archive.extractall(filter="data")


if __name__ == "__main__":
    main(sys.argv[1:])
