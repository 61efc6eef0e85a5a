"""What a run counted, for CloudWatch."""

from collections.abc import Mapping
from typing import Any

NAMESPACE = "Abalone"
METRICS = ("etl_rows_in", "etl_accepted", "etl_quarantined", "etl_duplicates", "etl_seconds")


def put_metrics(environment: str, report: Mapping[str, Any], seconds: float) -> None:
    """Send the metrics of a run.

    Args:
        environment: Value of their dimension.
        report: Of the ingestion.
        seconds: Duration of the run.
    """
    import boto3  # noqa: PLC0415 - local data need no AWS

    values = [*(report[key] for key in ("rows_in", "accepted", "quarantined", "duplicates")), seconds]
    dimensions = [{"Name": "environment", "Value": environment}]
    boto3.client("cloudwatch").put_metric_data(
        Namespace=NAMESPACE,
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": dimensions,
                "Value": value,
                "Unit": "Seconds" if name == "etl_seconds" else "Count",
            }
            for name, value in zip(METRICS, values, strict=True)
        ],
    )
