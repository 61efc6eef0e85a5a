"""How many threads the numeric libraries may use."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

ROWS_WORTH_THREADS = 2_000_000
"""Below this a second thread saves seconds at most on an idle machine, and on a busy one, where it spins while it waits
for the first, a fit takes four to six times as long (measured from 3,000 to 1,000,000 rows)."""


def threads_for(rows: int) -> AbstractContextManager[Any]:
    """Limit BLAS and OpenMP to one thread, unless the table is very large."""
    return threadpool_limits(1) if rows < ROWS_WORTH_THREADS else nullcontext()
