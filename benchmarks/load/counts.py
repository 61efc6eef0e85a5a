"""What Locust counts; imported by Locust's process alone, as it changes how a process waits."""

from locust.stats import RequestStats, StatsEntry

from benchmarks.load.results import Results

PERCENTILES = (50, 95, 99)


def counted(stats: RequestStats) -> Results:
    """Take what is reported out of Locust's statistics."""
    entries = [stats.entries[key] for key in sorted(stats.entries)]
    return {
        "requests": [*(_row(entry.name, entry) for entry in entries), _row("all", stats.total)],
        "errors": [
            {"": error.name, "error": str(error.error), "times": f"{error.occurrences:,}"}
            for error in stats.errors.values()
        ],
        "request_count": stats.total.num_requests,
        "error_count": stats.total.num_failures,
    }


def _row(name: str, entry: StatsEntry) -> dict[str, str]:
    percentiles = {f"p{share}, ms": entry.get_response_time_percentile(share / 100) for share in PERCENTILES}
    return {
        "": name,
        "requests": f"{entry.num_requests:,}",
        "requests/s": f"{entry.total_rps:,.1f}",
        **{column: f"{value:,.0f}" for column, value in percentiles.items()},
        "longest, ms": f"{entry.max_response_time:,.0f}",
        "errors": f"{entry.num_failures:,}",
    }
