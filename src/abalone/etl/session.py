"""The Spark session: the cluster's where there is one, this machine's where there is none."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession

from abalone.errors import AbaloneError

_LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.log.level": "FATAL",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@contextmanager
def spark_session() -> Iterator[SparkSession]:
    """Yield the session that is there, or else one on this machine, which is ended afterwards.

    Raises:
        AbaloneError: A session is needed, and Java is missing.
    """
    if is_submitted() or SparkSession.getActiveSession() is not None:
        yield SparkSession.builder.getOrCreate()
        return
    spark = local_session()
    try:
        yield spark
    finally:
        spark.stop()


def is_submitted() -> bool:
    """Whether Spark has started this program, as on Glue, and so configures the session."""
    return "PYSPARK_GATEWAY_PORT" in os.environ


def local_session(master: str = "local[*]") -> SparkSession:
    """Start a session on this machine.

    Args:
        master: As Spark has it, such as local[2] for two tasks at a time.

    Raises:
        AbaloneError: Java is missing.
    """
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise AbaloneError("Spark needs Java 17, not found on PATH; on Debian: apt-get install default-jre-headless")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("abalone-etl")
    for name, value in _LOCAL.items():
        builder = builder.config(name, value)
    on_interrupt = signal.getsignal(signal.SIGINT)
    spark = builder.getOrCreate()
    # Spark's own handler talks to Java over the connection that it interrupts, which fails with a trace.
    signal.signal(signal.SIGINT, on_interrupt)
    return spark
