"""Threads of the numeric libraries."""

from threadpoolctl import threadpool_info

from abalone.model.threads import ROWS_WORTH_THREADS, threads_for


def test_small_tables_get_one_thread_and_large_ones_all() -> None:
    before = [library["num_threads"] for library in threadpool_info()]

    with threads_for(ROWS_WORTH_THREADS - 1):
        assert {library["num_threads"] for library in threadpool_info()} == {1}
    with threads_for(ROWS_WORTH_THREADS):
        assert [library["num_threads"] for library in threadpool_info()] == before
