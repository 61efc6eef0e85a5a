"""A function over many things by Spark's tasks, with a log of how far they are."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from pyspark import Accumulator, SparkContext
from pyspark.sql import SparkSession

logger = logging.getLogger(__name__)

_INTERVAL_SECONDS = 10.0

T = TypeVar("T")
R = TypeVar("R")


def run_tasks(spark: SparkSession, doing: str, items: Sequence[T], function: Callable[[T], R]) -> list[R]:
    """Apply a function to each item, by one task each.

    Args:
        spark: The session.
        doing: What the log says of the tasks that are done, such as "parsed {} of {} groups".
        items: What it is applied to.
        function: Of a module, or a partial one, so that workers import it.

    Returns:
        The results, in the order of the items.
    """
    if not items:
        return []
    context = spark.sparkContext
    with progress_logged(context, doing, len(items)) as done:
        return context.parallelize(items, len(items)).map(partial(_counted, function=function, done=done)).collect()


def _counted(item: T, function: Callable[[T], R], done: Accumulator[int]) -> R:
    result = function(item)
    done.add(1)
    return result


@contextmanager
def progress_logged(context: SparkContext, doing: str, total: int) -> Iterator[Accumulator[int]]:
    """Log every ten seconds how many things are done.

    Args:
        context: Of the session.
        doing: See `run_tasks`.
        total: How many there are.

    Yields:
        To which a task adds 1 for each of them.
    """
    done = context.accumulator(0)
    ended = threading.Event()

    def report() -> None:
        while not ended.wait(_INTERVAL_SECONDS):
            logger.info(doing.format(f"{done.value:,}", f"{total:,}"))

    reporter = threading.Thread(target=report, daemon=True)
    reporter.start()
    try:
        yield done
    finally:
        ended.set()
        reporter.join()
