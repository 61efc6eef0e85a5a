"""One Spark session, and landing zones with everything that a batch may be."""

import os
import shutil
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from abalone.etl.session import local_session
from support.batches import BAD_ROWS, HEADER, OTHER_ROW, ROW, UNREADABLE, WELL_FORMED, as_bytes
from support.project import REPOSITORY
from support.tools import give_up

SURVEY = REPOSITORY / "data" / "01_raw" / "landing" / "uci_abalone.csv"


def require_java() -> None:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        give_up("Java is not on PATH; on Debian and Ubuntu: apt-get install default-jre-headless")


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    require_java()
    with pytest.MonkeyPatch.context() as patch:
        # Java's optimising compiler takes half of the time of a session as short as these.
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
        spark = local_session("local[2]")
        spark.conf.set("spark.sql.shuffle.partitions", "2")
        yield spark
        spark.stop()


@pytest.fixture(scope="session")
def landing_zone() -> dict[str, bytes]:
    """The survey, every kind of batch, one with every kind of bad row, and repetitions across batches, by file name."""
    survey = SURVEY.read_bytes()
    kinds = {**WELL_FORMED, **{name: raw for name, (raw, *_) in UNREADABLE.items()}}
    rows = [line for row, _ in BAD_ROWS for line in (row, ROW, OTHER_ROW.replace("0.53", f"0.53{len(row)}"))]
    return {
        "survey.csv": survey,
        "every bad row.csv": "\r\n".join([HEADER, "", *rows]).encode(),
        "repeated/survey.CSV": b"\n".join(survey.splitlines()[:300]),
        "notes.txt": b"not a batch",
        **{f"{name}.csv": as_bytes(raw) for name, raw in kinds.items()},
    }
