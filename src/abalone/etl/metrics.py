"""What a run counted, for CloudWatch."""

import logging
from collections.abc import Mapping
from typing import Any

from abalone.errors import AbaloneError

logger = logging.getLogger(__name__)

NAMESPACE = "Abalone"
METRICS = ("etl_rows_in", "etl_accepted", "etl_quarantined", "etl_duplicates", "etl_seconds")


def put_metrics(environment: str, report: Mapping[str, Any], seconds: float) -> None:
    """Publish the metrics of a run; where that fails, the tables are there all the same, and the log says why.

    Args:
        environment: Value of their dimension.
        report: Of the ingestion.
        seconds: Duration of the run.
    """
    from abalone.aws.cloudwatch import MetricsDataset  # noqa: PLC0415 - local data need no AWS

    values = [*(report[key] for key in ("rows_in", "accepted", "quarantined", "duplicates")), seconds]
    try:
        MetricsDataset(namespace=NAMESPACE, environment=environment).save(dict(zip(METRICS, values, strict=True)))
    except AbaloneError as error:
        logger.warning("the tables are complete, but their metrics are not published: %s", error)
