"""Spark wraps what a task raises into the text of an exception of Java's; these are its texts."""

import pytest
from pyspark.errors import PythonException

from abalone.errors import AbaloneError
from abalone.etl.failure import reason

IN_A_TASK = """
  An exception was thrown from the Python worker. Please see the stack trace below.
Traceback (most recent call last):
  File "/tmp/worker.py", line 1247, in main
    process()
  File "/tmp/folder.py", line 50, in read
    raise
{raised}

\tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator.handlePythonException(PythonRunner.scala:572)
"""


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        ("abalone.errors.AbaloneError: batch x: mend it", "batch x: mend it"),
        (
            "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling GetObject: Access Denied",
            "the AWS identity in use may not do this",
        ),
        ("OSError: [Errno 28] No space left on device: 'a'", "free some disk space"),
    ],
)
def test_what_a_task_raises_is_told_in_one_line_with_its_remedy(raised: str, told: str) -> None:
    message = reason(PythonException(IN_A_TASK.format(raised=raised)))

    assert message is not None
    assert told in message
    assert "\n" not in message
    assert "org.apache" not in message


def test_fault_of_the_program_in_a_task_keeps_its_traceback() -> None:
    assert reason(PythonException(IN_A_TASK.format(raised="KeyError: 'rings'"))) is None


def test_fault_of_spark_itself_is_told() -> None:
    lost = "An error occurred while calling o1.collect.\n: org.apache.spark.SparkException: Job aborted: worker lost"

    assert reason(PythonException(lost)) == "Spark failed: : org.apache.spark.SparkException: Job aborted: worker lost"


def test_what_the_driver_raises_is_told_as_in_any_run() -> None:
    assert reason(AbaloneError("The landing zone has no batch")) == "The landing zone has no batch"
